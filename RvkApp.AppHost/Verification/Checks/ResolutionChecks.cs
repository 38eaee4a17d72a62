namespace RvkApp.AppHost.Verification;

/// <summary>What could not be read from the template is said, never taken for harmless.</summary>
internal static class ResolutionChecks
{
    /// <summary>Types whose effect is written somewhere else.</summary>
    private static readonly string[] Elsewhere = ["AWS::CloudFormation::Stack", "AWS::CloudFormation::Macro", "AWS::ServiceCatalog::CloudFormationProvisionedProduct", "AWS::CloudFormation::StackSet"];

    /// <summary>What the specification speaks of is there, once.</summary>
    public static Check Targets(CheckContext context)
    {
        var check = new Check("targets", "The API, its function, MongoDB's service and task and its file system are there, once each");
        check.Fails(context.Targets.Problems);
        foreach (var (what, resource) in new[]
        {
            ("the API", context.Targets.Api), ("the function behind it", context.Targets.Function), ("MongoDB's service", context.Targets.Service),
            ("its task", context.Targets.Task), ("the file system it mounts", context.Targets.FileSystem),
        })
        {
            if (resource is not null)
            {
                check.Holds(resource.Id, $"{what} is {resource.Id} ({resource.Type})");
            }
        }

        return check;
    }

    /// <summary>Everything that decides who reaches whom can be read from the template.</summary>
    public static Check Resolved(CheckContext context)
    {
        var check = new Check("resolved", "Everything that decides who reaches whom can be read from the template, and every reference leads somewhere");
        var world = context.World;
        check.Fails(world.Template.Worlds.Unexplored);
        check.Fails(world.Unresolved);
        check.Fails(context.Network.StrayRules);
        foreach (var rule in context.Network.Groups.SelectMany(group => group.Rules).Where(rule => !rule.IsCertain))
        {
            check.Fails(rule.LogicalId, $"the rule '{rule.Text}' cannot be resolved: {string.Join("; ", rule.Doubts)}", "write it out, or refer to a resource of the template");
        }

        foreach (var face in context.Network.Nodes.SelectMany(node => node.Interfaces).Where(face => !face.Doubts.IsEmpty))
        {
            check.Fails(face.LogicalId, $"the network of {face.LogicalId} cannot be resolved: {string.Join("; ", face.Doubts)}", "refer to groups and subnets of the template by Ref or Fn::GetAtt");
        }

        foreach (var subnet in context.Network.Subnets.Where(subnet => subnet.Range is null && subnet.Resource.At("Ipv6Native")?.AsBool != true))
        {
            check.Fails(subnet.Id, $"the addresses of the subnet {subnet.Id} cannot be resolved: {subnet.Resource.At("CidrBlock")?.ToString() ?? "no CidrBlock"}", "write CidrBlock out");
        }

        foreach (var route in context.Network.Subnets.SelectMany(subnet => subnet.Routes).Where(route => route.Destination is null))
        {
            check.Fails(route.LogicalId, $"the route {route.LogicalId} cannot be resolved: {route.Text}", "write DestinationCidrBlock out");
        }

        if (world.Template.Root.TryGetProperty("Transform", out var transform))
        {
            check.Fails(null, $"the template is transformed by {transform.GetRawText()} before it is deployed", "verify what the macro gives (the processed template of a change set)");
        }

        foreach (var resource in world.Resources)
        {
            if (Array.Exists(Elsewhere, type => type == resource.Type) || resource.Type.EndsWith("::MODULE", StringComparison.Ordinal))
            {
                check.Fails(resource.Id, $"{resource.Id} is a {resource.Type}, whose resources are in another template", "verify that template too, and move what matters into this one");
            }

            foreach (var reference in resource.Properties.References.Where(reference => !IsKnown(world, reference.Id)).DistinctBy(reference => reference.Id))
            {
                check.Fails(resource.Id, $"{resource.Id} refers to {reference.Id}, which is not in the template", "name a resource or parameter that exists");
            }
        }

        check.Holds("Resources", $"{world.Resources.Length} resources, {context.Network.Groups.Sum(group => group.Rules.Length)} rules of {context.Network.Groups.Length} groups, {context.Network.Subnets.Length} subnets, every reference resolved{(world.Assumption is null ? "" : $", if {world.Assumption}")}");
        return check;
    }

    private static bool IsKnown(World world, string id) =>
        id.StartsWith("AWS::", StringComparison.Ordinal) || world.Find(id) is not null || world.Template.Entry("Parameters", id) is not null;
}
