using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology;

/// <summary>The addresses of the network, as docs/aws.md gives them. The stack and the picture of a local run are made from it; it needs nothing of the CDK.</summary>
internal static class AddressPlan
{
    /// <summary>The network's name.</summary>
    public const string NetworkName = "RVK-lambda-vpc";

    /// <summary>The network's range.</summary>
    public const string Network = "10.0.0.0/16";

    /// <summary>The public subnet, in the first Availability Zone, with the NAT gateway.</summary>
    public const string Public = "10.0.1.0/24";

    /// <summary>The function's subnets, by Availability Zone.</summary>
    public static ImmutableArray<string> Application { get; } = ["10.0.2.0/24", "10.0.3.0/24"];

    /// <summary>The subnets of MongoDB and of the mount targets, by Availability Zone.</summary>
    public static ImmutableArray<string> Data { get; } = ["10.0.4.0/24", "10.0.5.0/24"];
}
