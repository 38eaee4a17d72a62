using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>A template to change. What a change is about is found by how the resources hang together, so that the same change fits any template of the topology.</summary>
internal sealed class TemplateEditor(string json)
{
    private readonly JsonObject _root = JsonNode.Parse(json)!.AsObject();

    public JsonObject Root => _root;

    public JsonObject Resources => _root[nameof(Resources)]!.AsObject();

    public string Json => _root.ToJsonString();

    public string Function => IdsOf("AWS::Lambda::Function").Single(id => Properties(id)["VpcConfig"] is not null);

    public string Service => IdsOf("AWS::ECS::Service").First();

    public string Task => Target(Properties(Service)["TaskDefinition"]);

    public JsonObject Container => Properties(Task)["ContainerDefinitions"]![0]!.AsObject();

    public JsonObject EfsVolume => Properties(Task)["Volumes"]!.AsArray().Select(volume => volume!.AsObject()).Single(volume => volume["EFSVolumeConfiguration"] is not null)["EFSVolumeConfiguration"]!.AsObject();

    public string FileSystem => Target(EfsVolume["FilesystemId"]);

    public string Vpc => Single("AWS::EC2::VPC");

    public string Nat => Single("AWS::EC2::NatGateway");

    public JsonObject Awsvpc => Properties(Service)["NetworkConfiguration"]!["AwsvpcConfiguration"]!.AsObject();

    /// <summary>The security group of <c>lambda</c>, <c>mongo</c> or <c>efs</c>.</summary>
    public string Group(string node) => Target(node switch
    {
        "lambda" => Properties(Function)["VpcConfig"]!["SecurityGroupIds"]![0],
        "mongo" => Awsvpc["SecurityGroups"]![0],
        _ => Properties(MountTarget())["SecurityGroups"]![0],
    });

    public string GroupName(string node) => Properties(Group(node))["GroupName"]!.GetValue<string>();

    public string MountTarget(int index = 0) => IdsOf("AWS::EFS::MountTarget").ElementAt(index);

    public string Subnet(string range) => IdsOf("AWS::EC2::Subnet").Single(id => Properties(id)["CidrBlock"]!.GetValue<string>() == range);

    public string RouteTable(string range) => Target(Properties(Association(range))["RouteTableId"]);

    public string Association(string range) => IdsOf("AWS::EC2::SubnetRouteTableAssociation").Single(id => Target(Properties(id)["SubnetId"]) == Subnet(range));

    public string DefaultRoute(string range) => IdsOf("AWS::EC2::Route").Single(id => Target(Properties(id)["RouteTableId"]) == RouteTable(range));

    public string Role(string resource, string property) => Target(Properties(resource)[property]);

    public IEnumerable<string> IdsOf(string type) => Resources.Where(resource => resource.Value!["Type"]!.GetValue<string>() == type).Select(resource => resource.Key).ToArray();

    public string Single(string type) => IdsOf(type).Single();

    public JsonObject Properties(string id) => Resources[id]!["Properties"]!.AsObject();

    public void Remove(string id) => Resources.Remove(id);

    public string Add(string id, string type, string properties)
    {
        Resources[id] = new JsonObject { ["Type"] = type, ["Properties"] = JsonNode.Parse(properties) };
        return id;
    }

    /// <summary>The rule of a workload's group for a port, whether it is inline or a resource of its own.</summary>
    public EditableRule Rule(string node, bool isEgress, int port)
    {
        var group = Group(node);
        var inline = Properties(group)[isEgress ? "SecurityGroupEgress" : "SecurityGroupIngress"]?.AsArray();
        if (inline?.FirstOrDefault(rule => rule!["ToPort"]?.GetValue<int>() == port && rule["IpProtocol"]!.GetValue<string>() != "icmp") is JsonObject found)
        {
            return new(group, found, () => inline.Remove(found));
        }

        var id = IdsOf(isEgress ? "AWS::EC2::SecurityGroupEgress" : "AWS::EC2::SecurityGroupIngress")
            .Single(id => Target(Properties(id)["GroupId"]) == group && Properties(id)["ToPort"]!.GetValue<int>() == port);
        return new(id, Properties(id), () => Remove(id));
    }

    /// <summary>The statements of every policy, or of those of one role.</summary>
    public IEnumerable<JsonObject> Statements(string? role = null) => Resources.Where(resource => role is null || resource.Key == role || resource.Value!["Properties"]?["Roles"]?.AsArray().Any(name => Target(name) == role) == true)
        .Select(resource => resource.Value!["Properties"]).OfType<JsonObject>()
        .SelectMany(properties => (properties["Policies"]?.AsArray().Select(policy => policy!["PolicyDocument"]) ?? []).Append(properties["PolicyDocument"]))
        .OfType<JsonObject>().SelectMany(document => document["Statement"]!.AsArray()).Select(statement => statement!.AsObject()).ToArray();

    /// <summary>Gives a resource another logical id, and lets everything that refers to it say so.</summary>
    public void Rename(string id, string name)
    {
        var body = Resources[id]!.DeepClone();
        Resources.Remove(id);
        Resources[name] = body;
        Rename(_root, id, name);
    }

    private static void Rename(JsonNode? node, string id, string name)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array)
            {
                Rename(item, id, name);
            }
        }

        foreach (var (key, value) in (node as JsonObject)?.ToArray() ?? [])
        {
            node![key] = (key, value) switch
            {
                ("Ref", JsonValue text) when text.GetValue<string>() == id => name,
                ("Fn::GetAtt", JsonValue text) when text.GetValue<string>().StartsWith($"{id}.", StringComparison.Ordinal) => $"{name}{text.GetValue<string>()[id.Length..]}",
                ("Fn::GetAtt", JsonArray parts) when parts[0]!.GetValue<string>() == id => new JsonArray(name, parts[1]!.GetValue<string>()),
                ("Fn::Sub", JsonValue text) => text.GetValue<string>().Replace($"${{{id}}}", $"${{{name}}}", StringComparison.Ordinal).Replace($"${{{id}.", $"${{{name}.", StringComparison.Ordinal),
                _ => value?.DeepClone(),
            };
            Rename(node[key], id, name);
        }
    }

    /// <summary>The logical id that a <c>Ref</c> or <c>Fn::GetAtt</c> names.</summary>
    public static string Target(JsonNode? reference) => reference switch
    {
        JsonObject { Count: 1 } single when single["Ref"] is { } name => name.GetValue<string>(),
        JsonObject { Count: 1 } single when single["Fn::GetAtt"] is JsonArray attribute => attribute[0]!.GetValue<string>(),
        JsonObject { Count: 1 } single when single["Fn::GetAtt"] is JsonValue attribute => attribute.GetValue<string>().Split('.')[0],
        _ => throw new InvalidOperationException($"{reference?.ToJsonString() ?? "null"} is no reference."),
    };

    public static JsonObject Ref(string id) => new() { ["Ref"] = id };

    public static JsonObject GetAtt(string id, string attribute) => new() { ["Fn::GetAtt"] = new JsonArray(id, attribute) };
}

/// <summary>A rule to change.</summary>
/// <param name="LogicalId">The resource that has it.</param>
/// <param name="Body">Its properties.</param>
/// <param name="Remove">Takes it out of the template.</param>
internal sealed record EditableRule(string LogicalId, JsonObject Body, Action Remove)
{
    public void SetPeer(string property, JsonNode value)
    {
        foreach (var name in new[] { "CidrIp", "CidrIpv6", "SourceSecurityGroupId", "DestinationSecurityGroupId", "SourcePrefixListId", "DestinationPrefixListId" })
        {
            Body.Remove(name);
        }

        Body[property] = value;
    }
}
