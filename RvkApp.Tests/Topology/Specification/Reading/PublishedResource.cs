using System.Text.Json;

namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>A resource of a template.</summary>
internal sealed class PublishedResource(PublishedTemplate template, string logicalId, JsonElement json)
{
    public string LogicalId { get; } = logicalId;

    /// <summary>Such as <c>AWS::EC2::Subnet</c>.</summary>
    public string Type { get; } = json.GetProperty(nameof(Type)).GetString()!;

    /// <summary>Everything of the resource, its properties under <c>Properties</c>.</summary>
    public TemplateValue All => new(template, LogicalId, json);

    public TemplateValue Properties => All["Properties"];

    /// <summary>A property, which may be absent.</summary>
    public TemplateValue this[string property] => Properties[property];

    /// <summary>What the resource says it needs first, besides what it refers to.</summary>
    public IReadOnlyList<string> DependsOn
        => All["DependsOn"] is { Exists: true } list ? list.Items.Count > 0 ? [.. list.Items.Select(i => i.Text)] : [list.Text] : [];

    /// <summary>Every resource that is created before this one: through references and DependsOn, directly or not.</summary>
    public IReadOnlySet<string> Prerequisites
    {
        get
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            var open = new Stack<PublishedResource>([this]);
            while (open.TryPop(out var resource))
            {
                foreach (var id in TemplateReferences.In(resource.All).Select(r => r.Name).Concat(resource.DependsOn))
                {
                    if (template.Resources.TryGetValue(id, out var needed) && seen.Add(id))
                    {
                        open.Push(needed);
                    }
                }
            }

            return seen;
        }
    }

    /// <summary>
    /// The tags, whichever of CloudFormation's three shapes the type uses: a list under Tags, a map under Tags, or a list under a name of its own.
    /// </summary>
    public IReadOnlyDictionary<string, string> Tags
    {
        get
        {
            var tags = Properties.Members.Where(m => m.Name is "Tags" or "FileSystemTags" or "AccessPointTags" or "HostedZoneTags").Select(m => m.Value).FirstOrDefault();
            return tags.Items.Count > 0
                ? tags.Items.ToDictionary(t => t["Key"].Text, t => t["Value"].Text, StringComparer.Ordinal)
                : tags.Members.ToDictionary(m => m.Name, m => m.Value.Text, StringComparer.Ordinal);
        }
    }

    public override string ToString() => $"{LogicalId} ({Type})";
}
