using System.Text.Json;
using System.Text.Json.Nodes;

namespace RvkApp.Tests.Topology;

/// <summary>A synthesized template as the tests look at it: plain JSON, read independently of the code that made it and of the code that verifies it.</summary>
internal sealed class CloudTemplate
{
    public CloudTemplate(string json)
    {
        Json = json;
        Root = JsonNode.Parse(json)!.AsObject();
        Resources = [.. Root[nameof(Resources)]!.AsObject().Select(resource => new CloudResource(resource.Key, resource.Value!.AsObject()))];
    }

    public string Json { get; }

    public JsonObject Root { get; }

    public IReadOnlyList<CloudResource> Resources { get; }

    public CloudResource this[string id] => Resources.Single(resource => resource.Id == id);

    public IReadOnlyList<CloudResource> All(string type) => [.. Resources.Where(resource => resource.Type == $"AWS::{type}")];

    public CloudResource Only(string type) => Assert.Single(All(type));

    public CloudResource Named(string type, string nameProperty, string name) => Assert.Single(All(type), resource => Text(resource[nameProperty]) == name);

    /// <summary>The function that runs the API: the one in the VPC.</summary>
    public CloudResource Api => Assert.Single(All("Lambda::Function"), function => function["VpcConfig"] is not null);

    /// <summary>
    /// A value as text: references as <c>${Id}</c>, attributes as <c>${Id.Attribute}</c>, joined texts joined; anything else as its JSON.
    /// </summary>
    public static string Text(JsonNode? node) => node switch
    {
        null => "",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonObject { Count: 1 } call when call.Single() is { Key: "Ref", Value: { } id } => $"${{{id.GetValue<string>()}}}",
        JsonObject { Count: 1 } call when call.Single() is { Key: "Fn::GetAtt", Value: JsonArray { Count: 2 } path } => $"${{{Text(path[0])}.{Text(path[1])}}}",
        JsonObject { Count: 1 } call when call.Single() is { Key: "Fn::Join", Value: JsonArray { Count: 2 } join } => string.Join(Text(join[0]), join[1]!.AsArray().Select(Text)),
        JsonObject { Count: 1 } call when call.Single() is { Key: "Fn::Sub", Value: { } text } && text.GetValueKind() == JsonValueKind.String => text.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    /// <summary>One or many, as policies write it.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? node) => node switch
    {
        null => [],
        JsonArray items => [.. items.Select(Text)],
        _ => [Text(node)],
    };

    /// <summary>Every object and value below a node, itself included.</summary>
    public static IEnumerable<(string Path, JsonNode Node)> Walk(JsonNode? node, string path = "")
    {
        if (node is null)
        {
            yield break;
        }

        yield return (path, node);
        var children = node switch
        {
            JsonObject map => map.Select(child => (Path: $"{path}.{child.Key}", child.Value)),
            JsonArray list => list.Select((child, index) => (Path: $"{path}[{index}]", Value: child)),
            _ => [],
        };
        foreach (var inner in children.SelectMany(child => Walk(child.Value, child.Path)))
        {
            yield return inner;
        }
    }
}

/// <summary>A resource of a template.</summary>
internal sealed record CloudResource(string Id, JsonObject Node)
{
    public string Type => Node[nameof(Type)]!.GetValue<string>();

    public JsonObject Properties => Node[nameof(Properties)]?.AsObject() ?? [];

    public JsonNode? this[string property] => Properties[property];

    public override string ToString() => $"{Id} ({Type})";

    /// <summary>The value at a path such as <c>VpcConfig.SubnetIds</c> or <c>Rules.0.Status</c>; null where there is none.</summary>
    public JsonNode? At(string path) => path.Split('.').Aggregate<string, JsonNode?>(Properties, (node, step) => node switch
    {
        JsonArray list => int.TryParse(step, out var index) && index < list.Count ? list[index] : null,
        JsonObject map => map[step],
        _ => null,
    });

    public string Text(string path) => CloudTemplate.Text(At(path));

    public IReadOnlyList<string> Texts(string path) => CloudTemplate.Texts(At(path));

    public Dictionary<string, string> Tags
    {
        get
        {
            var tags = Properties.FirstOrDefault(property => property.Key is "Tags" or "FileSystemTags" or "AccessPointTags").Value;
            return tags is JsonArray list
                ? list.ToDictionary(tag => CloudTemplate.Text(tag!["Key"]), tag => CloudTemplate.Text(tag!["Value"]))
                : tags?.AsObject().ToDictionary(tag => tag.Key, tag => CloudTemplate.Text(tag.Value)) ?? [];
        }
    }

    public string? DeletionPolicy => Node[nameof(DeletionPolicy)]?.GetValue<string>();
}

/// <summary>A statement of a policy.</summary>
internal sealed record PolicyStatement(string Owner, JsonObject Node)
{
    public bool Allows => Node["Effect"]!.GetValue<string>() == "Allow";

    public IReadOnlyList<string> Actions => CloudTemplate.Texts(Node["Action"]);

    public IReadOnlyList<string> Resources => CloudTemplate.Texts(Node["Resource"]);

    public string Condition => Node[nameof(Condition)]?.ToJsonString() ?? "";

    /// <summary>What a role allows and denies, its policies beside it and attached to it.</summary>
    public static IReadOnlyList<PolicyStatement> OfRole(CloudTemplate template, string role) =>
    [
        .. (template[role]["Policies"]?.AsArray() ?? []).SelectMany(policy => Of(role, policy!["PolicyDocument"])),
        .. template.All("IAM::Policy").Where(policy => policy.Texts("Roles").Contains($"${{{role}}}")).SelectMany(policy => Of(role, policy["PolicyDocument"])),
    ];

    public static IEnumerable<PolicyStatement> Of(string owner, JsonNode? document) => document!["Statement"]!.AsArray().Select(statement => new PolicyStatement(owner, statement!.AsObject()));
}
