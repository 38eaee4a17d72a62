using System.Diagnostics;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology;

/// <summary>What others check a template with: CloudFormation's resource schemas and cdk-nag, by the scripts under <c>eng/</c>.</summary>
public class ChecksOfOthersTests(SynthesizedTopology topology)
{
    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan CheckDeadline = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_property_is_as_the_schemas_of_cloudformation_say()
    {
        await InstallAsync("cfn-schema");
        foreach (var template in new[] { await topology.DefaultAsync(), await topology.OtherAsync() })
        {
            var (exitCode, output) = await CheckAsync("cfn-schema", template.Json);

            Assert.True(exitCode == 0, output);
            Assert.EndsWith(" 0 problems", output.Trim(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("\"CidrBlock\": \"10.0.0.0/16\"", "\"CidrBloc\": \"10.0.0.0/16\"", "Vpc: there is no property CidrBloc")]
    [InlineData("\"ProtocolType\": \"HTTP\"", "\"Disabled\": \"HTTP\"", "HttpApi: there is no property Disabled")]
    [InlineData("\"MemorySize\": 512", "\"MemorySize\": \"much\"", "ApiFunction.MemorySize: \"much\" is not a whole number")]
    [InlineData("\"AWS::EC2::NatGateway\"", "\"AWS::EC2::NatGatewey\"", "NatGateway: there is no resource type AWS::EC2::NatGatewey")]
    [InlineData("\"AllocationId\"", "\"AllocatoinId\"", "AWS::EC2::EIP has no attribute AllocatoinId")]
    [InlineData("\"GroupDescription\"", "\"GroupDescriptions\"", "DataSecurityGroup: GroupDescription is required")]
    public async Task A_mistake_is_named_by_the_schemas(string right, string wrong, string complaint)
    {
        await InstallAsync("cfn-schema");
        var json = (await topology.DefaultAsync()).Json;
        Assert.Contains(right, json, StringComparison.Ordinal);

        var (exitCode, output) = await CheckAsync("cfn-schema", json.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Equal(1, exitCode);
        Assert.Contains(complaint, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cdk_nag_finds_nothing_that_is_not_accepted_with_a_reason()
    {
        await InstallAsync("cdk-nag");

        var (exitCode, output) = await CheckAsync("cdk-nag", (await topology.DefaultAsync()).Json);

        Assert.True(exitCode == 0, output);
        Assert.Contains(" 0 findings", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cdk_nag_finds_what_is_wrong_and_what_is_accepted_for_nothing()
    {
        await InstallAsync("cdk-nag");
        var json = (await topology.DefaultAsync()).Json.Replace("\"Encrypted\": true", "\"Encrypted\": false", StringComparison.Ordinal).Replace("AwsSolutions-ECS2", "AwsSolutions-ECS7", StringComparison.Ordinal);

        var (exitCode, output) = await CheckAsync("cdk-nag", json);

        Assert.Equal(1, exitCode);
        Assert.Contains("AwsSolutions-EFS1 FileSystem", output, StringComparison.Ordinal);
        Assert.Contains("AwsSolutions-ECS2", output, StringComparison.Ordinal);
        Assert.Contains("Accepted for nothing: AwsSolutions-ECS7 MongoTask", output, StringComparison.Ordinal);
    }

    // The packages are pinned by the lock file, and once there they stay; npm itself waits for whoever installs them at the same time.
    private static async Task InstallAsync(string script)
    {
        Assert.SkipUnless(await FindsAsync("npm"), "the check is a Node.js script, and there is no npm on PATH");
        using var turn = await Installation.EnterAsync();
        if (File.Exists(Path.Combine(Script(script), "node_modules", ".package-lock.json")))
        {
            return;
        }

        var (exitCode, output) = await RunAsync(Npm, ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], Script(script), InstallDeadline);
        Assert.SkipUnless(exitCode == 0, $"npm could not install the packages of eng/{script}: {output.Trim().Split('\n')[^1]}");
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(string script, string template)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["template.json"], template, TestContext.Current.CancellationToken);
        return await RunAsync("node", ["check.mjs", directory["template.json"]], Script(script), CheckDeadline);
    }

    private static async Task<bool> FindsAsync(string command)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return await Task.FromResult(folders.Any(folder => folder.Length > 0 && (File.Exists(Path.Combine(folder, command)) || File.Exists(Path.Combine(folder, $"{command}.cmd")))));
    }

    private static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    private static string Script(string name) => Path.Combine(RepositoryRoot.Path, "eng", name);

    private static async Task<(int ExitCode, string Output)> RunAsync(string command, string[] arguments, string directory, TimeSpan deadline)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancellation.CancelAfter(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation.Token);
            var errors = process.StandardError.ReadToEndAsync(cancellation.Token);
            await process.WaitForExitAsync(cancellation.Token);
            return (process.ExitCode, $"{await errors}{await output}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>One installation at a time: npm empties the directory first.</summary>
    private static class Installation
    {
        private static readonly SemaphoreSlim Turn = new(1, 1);

        public static async Task<IDisposable> EnterAsync()
        {
            await Turn.WaitAsync(TestContext.Current.CancellationToken);
            return new End();
        }

        private sealed class End : IDisposable
        {
            public void Dispose() => Turn.Release();
        }
    }
}
