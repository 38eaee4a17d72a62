using System.IO.Compression;
using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using RvkApp.AppHost.Topology;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(RvkApp.Tests.Topology.SynthesizedTopology))]

namespace RvkApp.Tests.Topology;

/// <summary>Synthesizes the stack in this process, with a function whose package is a few bytes: the real one takes a minute to build and changes one hash.</summary>
internal static class Synthesis
{
    // The CDK's process answers one call at a time, and nobody guards it.
    private static readonly SemaphoreSlim Turn = new(1, 1);

    /// <summary>The template of a stack with these options.</summary>
    public static async Task<string> RunAsync(TopologyOptions options)
    {
        Assert.SkipUnless(CommandOnPath.Find("node", "node.exe") is not null, "the CDK needs Node.js, and there is no node on PATH");
        await Turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            // A list of major versions of Node.js: jsii prints a page about each that it no longer knows.
            System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", string.Join(',', Enumerable.Range(18, 12)));
            using var directory = new TemporaryDirectory();
            var package = directory["api.zip"];
            await using (var zip = await ZipFile.OpenAsync(package, ZipArchiveMode.Create, TestContext.Current.CancellationToken))
            {
                zip.CreateEntry("bootstrap").LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            }

            var app = new App(new AppProps { Outdir = directory["cdk.out"], AnalyticsReporting = false, StackTraces = false, TreeMetadata = false });
            var stack = new SchoolStack(app, SchoolStack.Name, new StackProps(), options);
            var props = new FunctionProps { Code = Code.FromAsset(package), Handler = "bootstrap", Runtime = Runtime.PROVIDED_AL2023 };
            stack.Place(props);
            stack.Attach(new Function(stack, "Function-api", props));
            app.Synth();
            return await File.ReadAllTextAsync(Path.Combine(directory["cdk.out"], "RvkApp.template.json"), TestContext.Current.CancellationToken);
        }
        finally
        {
            Turn.Release();
        }
    }
}

/// <summary>The templates that most tests look at, each synthesized once, when the first test asks for it.</summary>
public sealed class SynthesizedTopology
{
    private readonly Lazy<Task<string>> _default = new(() => Synthesis.RunAsync(new TopologyOptions()));

    private readonly Lazy<Task<string>> _other = new(() => Synthesis.RunAsync(OtherOptions));

    /// <summary>Options of which each has another value than by default.</summary>
    internal static TopologyOptions OtherOptions { get; } = new()
    {
        AllowHttpEgress = false,
        Environment = "staging",
        MongoImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/school/mongo:8.0.13",
        MongoSize = new FargateSize(1024, 4096),
        LambdaMemory = 1024,
        LambdaTimeout = 20,
        LambdaConcurrency = 50,
        LogRetention = 7,
        ThrottleRate = 5,
        ThrottleBurst = 10,
        CorsOrigins = ["https://school.example", "http://localhost:3000"],
        FirstAdmin = true,
        AlarmEmail = "ops@school.example",
    };

    /// <summary>The template with the default options, which TOPOLOGY specifies.</summary>
    internal async Task<CloudTemplate> DefaultAsync() => new(await _default.Value);

    /// <summary>A template in which every option has another value.</summary>
    internal async Task<CloudTemplate> OtherAsync() => new(await _other.Value);
}
