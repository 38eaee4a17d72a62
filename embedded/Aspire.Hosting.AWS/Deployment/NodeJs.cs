using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Finds Node.js.</summary>
internal static class NodeJs
{
    /// <summary>The program <c>node</c>, which the CDK runs on; jsii lets <c>JSII_NODE</c> name another.</summary>
    /// <exception cref="DistributedApplicationException">It is not on PATH.</exception>
    public static string Find() => Environment.GetEnvironmentVariable("JSII_NODE") is { Length: > 0 } chosen ? chosen : FindOnPath("node", "Node.js, on which the AWS CDK runs");

    /// <summary>The program <c>npx</c>, which fetches and runs the CDK's command.</summary>
    /// <exception cref="DistributedApplicationException">It is not on PATH.</exception>
    public static string FindNpx() => FindOnPath("npx", "npx, which fetches the AWS CDK's command; it comes with Node.js");

    private static string FindOnPath(string name, string what)
        => CommandOnPath.Find(name)
            ?? throw new DistributedApplicationException($"There is no '{name}' on PATH ({what}): install Node.js 20 or later from https://nodejs.org.");
}
