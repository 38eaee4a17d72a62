using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A connection that the specification lists.</summary>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who answers it; <c>internet</c> is any address.</param>
/// <param name="Protocol"><c>https</c>, <c>invoke</c>, <c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The port; 0 for <c>invoke</c>.</param>
/// <param name="Why">What it is for.</param>
internal sealed record IntendedFlow(string From, string To, string Protocol, int Port, string Why);

/// <summary>
/// The connections that the specification lists and no others, written from docs/aws.md independently of what builds the stack: a mistake there
/// must not be repeated here.
/// </summary>
internal static class IntendedFlows
{
    /// <summary>The port MongoDB listens on.</summary>
    public const int Mongo = 27017;

    /// <summary>The port NFS listens on.</summary>
    public const int Nfs = 2049;

    /// <summary>The flows, from the outside in.</summary>
    public static ImmutableArray<IntendedFlow> Of(VerificationOptions options)
    {
        IntendedFlow[] flows =
        [
            new("internet", "api", "https", 443, "clients call the HTTP API"),
            new("api", "lambda", "invoke", 0, "API Gateway invokes the function"),
            new("lambda", "mongo", "tcp", Mongo, "the function queries MongoDB"),
            new("lambda", "internet", "tcp", 443, "AWS APIs, CloudWatch Logs, parameters and secrets"),
            new("lambda", "internet", "tcp", 80, "package downloads"),
            new("mongo", "efs", "tcp", Nfs, "MongoDB's data directory"),
            new("mongo", "internet", "tcp", 443, "image pulls, CloudWatch Logs, the ECS agent"),
            new("mongo", "internet", "tcp", 80, "image pulls"),
            new("mongo", "internet", "udp", 53, "DNS for image pulls and log endpoints"),
        ];
        return [.. flows.Where(flow => options.AllowHttpEgress || flow.Port != 80)];
    }
}
