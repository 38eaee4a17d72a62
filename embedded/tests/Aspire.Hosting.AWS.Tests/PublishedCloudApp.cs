using System.Text.Json.Nodes;
using Aspire.Hosting.AWS.Tests;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;

[assembly: AssemblyFixture(typeof(PublishedCloudApp))]

namespace Aspire.Hosting.AWS.Tests;

/// <summary>What the test app host publishes: once for all tests, and a second time to another place.</summary>
public sealed class PublishedCloudApp : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The cloud assembly.</summary>
    public string Assembly => Path.Combine(_directory.Combine("first"), "cdk.out");

    /// <summary>The same, published to another place.</summary>
    public string Second => Path.Combine(_directory.Combine("second"), "cdk.out");

    /// <summary>What the app host wrote on its console.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The stack's template.</summary>
    public JsonObject Template => JsonNode.Parse(File.ReadAllText(Path.Combine(Assembly, "CloudApp.template.json")))!.AsObject();

    public async ValueTask InitializeAsync()
    {
        // Left from an earlier run: it must be gone afterwards.
        Directory.CreateDirectory(Path.Combine(Assembly, "old"));
        await File.WriteAllTextAsync(Path.Combine(Assembly, "old", "stale.json"), "{}");
        Output = await PublishAsync("first");
        await PublishAsync("second");
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The properties of a resource whose logical id starts with a text.</summary>
    internal JsonObject PropertiesOf(string type, string id)
        => Template["Resources"]!.AsObject().Single(r => (string?)r.Value!["Type"] == type && r.Key.StartsWith(id, StringComparison.Ordinal)).Value!["Properties"]!.AsObject();

    private async Task<string> PublishAsync(string name)
    {
        await using var host = new AppHostProcess(["--operation", "publish", "--step", "publish", "--output-path", _directory.Combine(name)], appHost: "CloudApp.AppHost");
        var (exitCode, errors) = await host.EndAsync();
        Assert.Equal((0, ""), (exitCode, errors));
        return host.Output;
    }
}
