using RvkApp.Tests.Aot;
using RvkApp.Tests.Processes;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(RvkApp.Tests.Topology.PublishedOutput))]

namespace RvkApp.Tests.Topology;

/// <summary>
/// What two publishes of the built app host leave behind, each a process of its own with its own user profile and its own directory, on a
/// machine without an account. Made with the first test that asks.
/// </summary>
public sealed class PublishedOutput : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly TemporaryDirectory _directory = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (Publish First, Publish Second)? _publishes;

    /// <summary>The values that the publishes were given for the secrets of the model; none may come out.</summary>
    internal static IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>
    {
        ["Parameters__admin-password"] = "published-admin-password-4711",
        ["Parameters__jwt-signing-key"] = "published-signing-key-0123456789abcdef0123456789abcdef0123456789abcdef",
        ["Parameters__mongo-password"] = "published-mongo-password-0815",
    };

    public void Dispose()
    {
        _turn.Dispose();
        _directory.Dispose();
    }

    /// <summary>The two publishes.</summary>
    /// <param name="native">Builds the function's package, if this machine can, so that the publishes find it built.</param>
    /// <param name="readyToRun">Builds it otherwise.</param>
    internal async Task<(Publish First, Publish Second)> PublishAsync(NativePublication native, ReadyToRunPublication readyToRun)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_publishes is null)
            {
                _ = await (native.SkipReason is null ? native.UnpackedAsync() : readyToRun.UnpackedAsync());
                _publishes = (await PublishAsync("one"), await PublishAsync(Path.Combine("another", "place")));
            }

            return _publishes.Value;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Runs a step of the app host's pipeline as a process, without an account.</summary>
    internal static async Task<Publish> RunStepAsync(string step, string home, string output, params string[] settings)
    {
        Directory.CreateDirectory(home);
        await using var host = AppHostProcess.Start(
            home, Path.Combine(home, "volumes"),
            ["--operation", "publish", "--step", step, "--output-path", output, .. settings],
            [
                .. Secrets,
                new("DOTNET_ENVIRONMENT", "Production"), new("ASPNETCORE_ENVIRONMENT", "Production"), new("ASPIRE_INTERACTIVITY_ENABLED", "false"),
                // Nothing that this machine knows of an account.
                new("AWS_ACCESS_KEY_ID", ""), new("AWS_SECRET_ACCESS_KEY", ""), new("AWS_PROFILE", ""), new("AWS_REGION", ""),
                new("AWS_CONFIG_FILE", Path.Combine(home, "none")), new("AWS_SHARED_CREDENTIALS_FILE", Path.Combine(home, "none")), new("AWS_EC2_METADATA_DISABLED", "true"),
            ]);
        var exitCode = await host.WaitForExitAsync(Deadline);
        var result = new Publish(exitCode, home, output, host.Output, host.Errors);
        await host.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(10));
        return result;
    }

    private Task<Publish> PublishAsync(string name) => RunStepAsync("publish", _directory[Path.Combine(name, "home")], _directory[Path.Combine(name, "aws")]);
}

/// <summary>A run of a step that is over.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Home">The user profile it had.</param>
/// <param name="OutputPath">The directory it wrote to.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record Publish(int ExitCode, string Home, string OutputPath, string Output, string Errors)
{
    public string TemplatePath => Path.Combine(OutputPath, "cdk.out", "RvkApp.template.json");

    /// <summary>Every file it wrote, by its path in the output.</summary>
    public SortedDictionary<string, string> Files() => new(
        Directory.EnumerateFiles(OutputPath, "*", SearchOption.AllDirectories).ToDictionary(path => Path.GetRelativePath(OutputPath, path)), StringComparer.Ordinal);
}
