using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>The network of a template: groups, subnets, routes, ACLs, and what is connected to them.</summary>
internal sealed class NetworkModel
{
    /// <summary>Reads the network of a template.</summary>
    public NetworkModel(World world)
    {
        World = world;
        Targets = new(world);
        var reader = new SecurityGroupReader(world);
        Groups = reader.Read();
        StrayRules = reader.Stray();
        Subnets = new SubnetReader(world, reader).Read();
        Acls = new(world, reader);
        Nodes = new NodeReader(world, Targets, Groups, Subnets, reader).Read();
    }

    /// <summary>The template.</summary>
    public World World { get; }

    /// <summary>What the specification speaks of.</summary>
    public Targets Targets { get; }

    /// <summary>The security groups.</summary>
    public ImmutableArray<SecurityGroup> Groups { get; }

    /// <summary>Rules that belong to no group of the template.</summary>
    public ImmutableArray<Problem> StrayRules { get; }

    /// <summary>The subnets.</summary>
    public ImmutableArray<Subnet> Subnets { get; }

    /// <summary>The network ACLs.</summary>
    public NetworkAcls Acls { get; }

    /// <summary>What is connected.</summary>
    public ImmutableArray<Node> Nodes { get; }

    /// <summary>A node by its name.</summary>
    public Node? Find(string name) => Nodes.FirstOrDefault(node => node.Name == name);

    /// <summary>The security groups of a node, without repetition.</summary>
    public ImmutableArray<SecurityGroup> GroupsOf(string name) => [.. (Find(name)?.Interfaces ?? []).SelectMany(face => face.Groups).Distinct()];

    /// <summary>The subnets of a node, without repetition.</summary>
    public ImmutableArray<Subnet> SubnetsOf(string name) => [.. (Find(name)?.Interfaces ?? []).SelectMany(face => face.Subnets).Distinct()];
}
