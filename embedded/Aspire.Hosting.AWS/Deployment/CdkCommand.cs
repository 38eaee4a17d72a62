using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>The CDK's command, in the version this was made for, which npx fetches when the machine does not have it yet.</summary>
internal static class CdkCommand
{
    /// <summary>The version. It reads the cloud assemblies of Amazon.CDK.Lib, whose schema is older, and knows more of CloudFormation.</summary>
    public const string Version = "2.1148.1";

    /// <summary>What a user types to run it.</summary>
    public const string Typed = $"npx aws-cdk@{Version}";

    private static readonly TimeSpan FetchTimeout = TimeSpan.FromMinutes(5);

    // Longer than any of the topology's resources takes. CloudFormation has deadlines of its own for each.
    private static readonly TimeSpan RunTimeout = TimeSpan.FromHours(2);

    /// <summary>Fetches the command if it is not there, and tries it.</summary>
    /// <exception cref="DistributedApplicationException">There is no npx, or it cannot fetch the command.</exception>
    public static async Task CheckAsync(CancellationToken cancellationToken)
    {
        var output = new List<string>();
        if (await Create(["--version"], region: null, profile: null, FetchTimeout).RunAsync(Remember, cancellationToken) != 0)
        {
            throw new DistributedApplicationException(
                $"The AWS CDK's command cannot be fetched ('{Typed} --version' fails{(LastError() is { } error ? $": {error}" : "")}): check that this machine reaches the npm registry.");
        }

        void Remember(string line)
        {
            lock (output)
            {
                output.Add(line);
            }
        }

        // npm ends with where its log is; what went wrong is before that.
        string? LastError() => output.FirstOrDefault(line => line.Contains("npm error", StringComparison.OrdinalIgnoreCase) && !line.Contains("code E", StringComparison.Ordinal))
            ?? output.LastOrDefault(line => line.Trim().Length > 0);
    }

    /// <summary>Runs the command while its output is shown.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="account">The account, its region and how it is reached.</param>
    /// <param name="logger">Where its output goes.</param>
    /// <param name="cancellationToken">Ends it. What CloudFormation has begun, goes on.</param>
    /// <exception cref="DistributedApplicationException">It fails.</exception>
    public static async Task RunAsync(IReadOnlyList<string> arguments, AwsAccount account, ILogger logger, CancellationToken cancellationToken)
    {
        var exitCode = await Create(arguments, account.Region, account.Profile, RunTimeout).RunAsync(line => logger.LogInformation("{Line}", line), cancellationToken);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException($"'cdk {arguments[0]}' failed with exit code {exitCode}; what went wrong is among the lines above, and in the stack's events in CloudFormation.");
        }
    }

    private static Command Create(IReadOnlyList<string> arguments, string? region, string? profile, TimeSpan timeout)
    {
        var environment = new Dictionary<string, string>
        {
            ["CDK_DISABLE_VERSION_CHECK"] = "true",
            ["CDK_DISABLE_CLI_TELEMETRY"] = "true",
            ["npm_config_update_notifier"] = "false",
            ["npm_config_fund"] = "false",
            // Lines, not a picture that is drawn anew.
            ["NO_COLOR"] = "1",
        };
        if (region is not null)
        {
            environment["AWS_REGION"] = region;
            environment["AWS_DEFAULT_REGION"] = region;
        }

        if (profile is not null)
        {
            environment["AWS_PROFILE"] = profile;
        }

        return new Command(NodeJs.FindNpx(), ["--yes", $"aws-cdk@{Version}", .. arguments]) { Environment = environment, Timeout = timeout };
    }
}
