using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>What the template is verified against, where the specification leaves a choice.</summary>
/// <param name="AllowHttpEgress">Whether the function and MongoDB may open TCP 80 to any address; where not, such a rule is an error.</param>
internal sealed record VerificationOptions(bool AllowHttpEgress = true)
{
    /// <summary>The function's memory in MB.</summary>
    public int LambdaMemory { get; init; } = 512;

    /// <summary>The function's timeout in seconds.</summary>
    public int LambdaTimeout { get; init; } = 30;

    /// <summary>The function's reserved concurrency.</summary>
    public int LambdaConcurrency { get; init; } = 200;

    /// <summary>The task's CPU units: 1024 are one vCPU.</summary>
    public int MongoCpu { get; init; } = 256;

    /// <summary>The task's memory in MB.</summary>
    public int MongoMemory { get; init; } = 512;

    /// <summary>Whether the function may read a third secret, the first administrator's password.</summary>
    public bool FirstAdmin { get; init; }
}

/// <summary>Proves on a synthesized template, and on nothing else, that it is the topology that was specified.</summary>
internal static class Verifier
{
    /// <summary>Checks a template in every way it can turn out, and tells the worst of each.</summary>
    /// <param name="template">The template.</param>
    /// <param name="options">The choices of the specification.</param>
    /// <returns>What was found; <see cref="VerificationReport.Passed"/> decides.</returns>
    public static VerificationReport Verify(Template template, VerificationOptions options)
    {
        var reports = template.Worlds.All.Select(world => Verify(world, options)).ToArray();
        return reports is [var only] ? only : WorldMerge.Merge(template, reports);
    }

    private static VerificationReport Verify(World world, VerificationOptions options)
    {
        var network = new NetworkModel(world);
        var flows = FlowComparison.Of(network, IntendedFlows.Of(options));
        var context = new CheckContext(network, new Requirements(network), options);
        var diagnoses = Diagnoses.Of(context);
        var checks = CheckList.Run(context, flows, diagnoses);
        var passed = checks.All(check => check.Passed) && flows.All(flow => flow.State == FlowState.Allowed);
        return new(world.Template.Name, passed, checks, flows, diagnoses);
    }
}
