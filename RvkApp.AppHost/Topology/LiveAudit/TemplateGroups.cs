using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace RvkApp.AppHost.Topology.LiveAudit;

/// <summary>The security groups that a template declares.</summary>
internal static class TemplateGroups
{
    private const string GroupType = "AWS::EC2::SecurityGroup";

    /// <summary>Reads them.</summary>
    /// <param name="path">The template.</param>
    /// <exception cref="DistributedApplicationException">The file is no template that this stack synthesized.</exception>
    public static ImmutableArray<AuditedGroup> Read(string path)
    {
        try
        {
            using var template = JsonDocument.Parse(File.ReadAllBytes(path));
            var resources = template.RootElement.GetProperty("Resources").EnumerateObject().ToDictionary(
                resource => resource.Name, resource => (Type: resource.Value.GetProperty("Type").GetString()!, Properties: resource.Value.TryGetProperty("Properties", out var properties) ? properties : default));
            var names = resources.Where(resource => resource.Value.Type == GroupType).ToDictionary(resource => resource.Key, resource => Text(resource.Value.Properties, "GroupName"));
            return [.. names.Select(name => Group(name.Key, resources, names))];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DistributedApplicationException($"{path} is not a template of this stack: publish again. ({exception.Message})", exception);
        }
    }

    private static AuditedGroup Group(string id, Dictionary<string, (string Type, JsonElement Properties)> resources, Dictionary<string, string> names)
    {
        var properties = resources[id].Properties;
        var own = Items(properties, "SecurityGroupEgress").Select(rule => Rule(isEgress: true, rule, names))
            .Concat(Items(properties, "SecurityGroupIngress").Select(rule => Rule(isEgress: false, rule, names)));
        var separate = resources.Values
            .Where(resource => resource.Type is $"{GroupType}Egress" or $"{GroupType}Ingress" && LogicalId(resource.Properties.GetProperty("GroupId")) == id)
            .Select(resource => Rule(resource.Type == $"{GroupType}Egress", resource.Properties, names));
        return new AuditedGroup(
            names[id],
            Text(properties, "GroupDescription"),
            Items(properties, "Tags").ToImmutableSortedDictionary(tag => Text(tag, "Key"), tag => Text(tag, "Value"), StringComparer.Ordinal),
            [.. own.Concat(separate)]);
    }

    private static AuditedRule Rule(bool isEgress, JsonElement rule, Dictionary<string, string> names)
    {
        var group = isEgress ? "DestinationSecurityGroupId" : "SourceSecurityGroupId";
        var peer = rule.TryGetProperty(group, out var reference) ? names[LogicalId(reference)] : Text(rule, rule.TryGetProperty("CidrIp", out _) ? "CidrIp" : "CidrIpv6");
        return new AuditedRule(isEgress, Text(rule, "IpProtocol"), Port(rule, "FromPort"), Port(rule, "ToPort"), peer, rule.TryGetProperty("Description", out var description) ? description.GetString()! : string.Empty);
    }

    // {"Fn::GetAtt": ["DataSecurityGroup", "GroupId"]} or {"Ref": "DataSecurityGroup"}
    private static string LogicalId(JsonElement reference) =>
        (reference.TryGetProperty("Ref", out var id) ? id : reference.GetProperty("Fn::GetAtt")[0]).GetString()!;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static int Port(JsonElement rule, string name) => rule.TryGetProperty(name, out var port)
        ? port.ValueKind == JsonValueKind.Number ? port.GetInt32() : int.Parse(port.GetString()!, CultureInfo.InvariantCulture)
        : -1;

    private static JsonElement.ArrayEnumerator Items(JsonElement element, string name) => element.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;
}
