namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>What CloudFormation refuses before it makes anything: names that lead nowhere and resources that need each other first.</summary>
internal static class TemplateIntegrity
{
    private static readonly HashSet<string> PseudoParameters = new(StringComparer.Ordinal)
    {
        "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix",
    };

    /// <summary>Every Ref, GetAtt, Sub, DependsOn and Condition that names nothing of the template, as "path: kind name".</summary>
    public static IReadOnlyList<string> Dangling(PublishedTemplate template)
    {
        var root = new TemplateValue(template, "", template.Root);
        var parameters = root["Parameters"].Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var conditions = root["Conditions"].Members.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);

        var references = template.Resources.Values.SelectMany(r => TemplateReferences.In(r.All))
            .Concat(template.Outputs.SelectMany(o => TemplateReferences.In(o.Value)))
            .Concat(TemplateReferences.In(root["Conditions"]))
            .Where(r => !template.Resources.ContainsKey(r.Name) && (r.Kind == "GetAtt" || !(parameters.Contains(r.Name) || PseudoParameters.Contains(r.Name))));
        var dependencies = template.Resources.Values.SelectMany(r => r.DependsOn.Where(id => !template.Resources.ContainsKey(id)).Select(id => new TemplateReference("DependsOn", id, r.LogicalId)));
        var unknownConditions = template.Resources.Values.Select(r => r.All).Concat(template.Outputs.Select(o => o.Value)).Append(root["Conditions"])
            .SelectMany(TemplateReferences.ConditionsIn).Where(c => !conditions.Contains(c.Name));

        return [.. references.Concat(dependencies).Concat(unknownConditions).Select(r => $"{r.Path}: {r.Kind} {r.Name}")];
    }

    /// <summary>A circle of resources each of which needs the next one first; empty when there is none.</summary>
    public static IReadOnlyList<string> Cycle(PublishedTemplate template)
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        return template.Resources.Keys.Select(Visit).FirstOrDefault(found => found.Count > 0) ?? [];

        IReadOnlyList<string> Visit(string id)
        {
            if (path.Contains(id))
            {
                return [.. path[path.IndexOf(id)..], id];
            }

            if (!template.Resources.TryGetValue(id, out var resource) || finished.Contains(id))
            {
                return [];
            }

            path.Add(id);
            var found = TemplateReferences.In(resource.All).Select(r => r.Name).Concat(resource.DependsOn).Distinct().Select(Visit).FirstOrDefault(f => f.Count > 0) ?? [];
            path.RemoveAt(path.Count - 1);
            finished.Add(id);
            return found;
        }
    }
}
