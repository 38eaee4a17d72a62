using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology;

/// <summary>The tier a security group protects; the value of its <c>Tier</c> tag.</summary>
internal enum Tier
{
    /// <summary>The Lambda function.</summary>
    Application,

    /// <summary>The MongoDB task.</summary>
    Data,

    /// <summary>The EFS file system.</summary>
    Storage,
}

/// <summary>A transport protocol of a rule.</summary>
internal enum Protocol
{
    /// <summary>TCP.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}

/// <summary>A security group.</summary>
/// <param name="Tier">What it protects.</param>
/// <param name="Name">Its name in EC2, also its <c>Name</c> tag.</param>
/// <param name="Description">What it is for, within EC2's character set and 255 characters.</param>
internal sealed record GroupSpec(Tier Tier, string Name, string Description);

/// <summary>Something a tier may open a connection to: one row of the handshake, of which the rules follow.</summary>
/// <param name="From">Who opens the connection; its group gets an egress rule.</param>
/// <param name="To">Who answers; its group gets the mirror ingress rule. <see langword="null"/> is any address (0.0.0.0/0), which has no mirror.</param>
/// <param name="Protocol">The transport.</param>
/// <param name="Port">The one port, 1 to 65535.</param>
/// <param name="Reason">Why the rule exists: its description in EC2.</param>
/// <param name="MirrorReason">Why the mirror exists; <see langword="null"/> where there is none.</param>
internal sealed record FlowSpec(Tier From, Tier? To, Protocol Protocol, int Port, string Reason, string? MirrorReason = null);

/// <summary>
/// The handshake: three groups, each of which lets in only the one before it. The one table that says who may talk to whom; everything
/// else (security groups, rules, diagram) is made from it. Specified by the section "The three security groups" of docs/aws.md.
/// </summary>
internal static class Handshake
{
    /// <summary>MongoDB's port.</summary>
    public const int MongoPort = 27017;

    /// <summary>NFS's port, which EFS listens on.</summary>
    public const int NfsPort = 2049;

    /// <summary>The groups, from the outside in.</summary>
    public static ImmutableArray<GroupSpec> Groups { get; } =
    [
        new(Tier.Application, "RVK-mongo-db-sg", "Lambda functions of the school API: they only initiate connections"),
        new(Tier.Data, "RVK-ecs-mongo-sg", "MongoDB on ECS Fargate: reached by the Lambda functions only"),
        new(Tier.Storage, "mongo-efs-sg", "EFS file system of MongoDB: mounted by the MongoDB task only"),
    ];

    /// <summary>The flows.</summary>
    /// <param name="allowHttpEgress">Whether plain HTTP (TCP 80) may leave: <c>Aws:AllowHttpEgress</c>.</param>
    /// <returns>The flows, from the outside in.</returns>
    public static ImmutableArray<FlowSpec> Flows(bool allowHttpEgress)
    {
        FlowSpec[] all =
        [
            new(Tier.Application, Tier.Data, Protocol.Tcp, MongoPort, "Query and write MongoDB found by service discovery", "MongoDB wire protocol from the Lambda functions only"),
            new(Tier.Application, null, Protocol.Tcp, 443, "CloudWatch Logs, SSM Parameter Store, AWS APIs, external integrations"),
            new(Tier.Application, null, Protocol.Tcp, 80, "Package downloads during builds"),
            new(Tier.Data, Tier.Storage, Protocol.Tcp, NfsPort, "Mount /data/db from EFS", "NFS from the MongoDB task only"),
            new(Tier.Data, null, Protocol.Tcp, 443, "CloudWatch Logs, ECS agent, ECR image pulls"),
            new(Tier.Data, null, Protocol.Tcp, 80, "Image pulls over HTTP"),
            new(Tier.Data, null, Protocol.Udp, 53, "DNS for image pulls, service discovery registration, log endpoints"),
        ];
        return [.. all.Where(flow => allowHttpEgress || flow.Port != 80)];
    }
}
