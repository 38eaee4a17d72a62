using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace RvkApp.Bench.Lambda;

/// <summary>The whole application under its AppHost, with a volume and user secrets of its own and the demo school in it.</summary>
internal sealed class RunningSystem : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly ProcessTree _tree;

    private RunningSystem(string name, ProcessTree tree, int port, string token, string student) => (Name, _tree, Port, Token, Student) = (name, tree, port, token, student);

    /// <summary>What runs the API.</summary>
    public string Name { get; }

    /// <summary>Where it answers.</summary>
    public int Port { get; }

    /// <summary>A token for a user who is no admin.</summary>
    public string Token { get; }

    /// <summary>The id of a student.</summary>
    public string Student { get; }

    /// <summary>Starts it and waits until it is healthy.</summary>
    /// <param name="apiHost">The setting <c>ApiHost</c>.</param>
    /// <param name="options">Which build.</param>
    /// <param name="home">A directory for its home.</param>
    /// <exception cref="InvalidOperationException">It does not become healthy.</exception>
    public static async Task<RunningSystem> StartAsync(string apiHost, BenchOptions options, string home)
    {
        Directory.CreateDirectory(home);
        var port = Ports.Free();
        var key = RandomNumberGenerator.GetHexString(64);
        var token = Tokens.Sign(key);
        var appHost = Repository.Output("RvkApp.AppHost", options.Configuration);
        var tree = ProcessTree.Start("dotnet", ["exec", appHost], Path.GetDirectoryName(appHost)!, Variables(apiHost, port, key, home));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var started = Stopwatch.GetTimestamp();
        while (!await HttpProbe.AnswersAsync(client, "/health"))
        {
            if (tree.HasExited || Stopwatch.GetElapsedTime(started) > StartDeadline)
            {
                var output = tree.LastOutput;
                await tree.DisposeAsync();
                throw new InvalidOperationException($"The AppHost with ApiHost={apiHost} was not healthy within {StartDeadline.TotalSeconds:0} s:{Environment.NewLine}{output}");
            }

            await Task.Delay(50);
        }

        var students = JsonNode.Parse(await client.GetStringAsync(new Uri("/students?limit=1", UriKind.Relative)))!;
        return new RunningSystem(apiHost, tree, port, token, students[0]!["id"]!.GetValue<string>());
    }

    /// <summary>Resident memory in MiB, by what runs: the environments of a function are added up.</summary>
    public IReadOnlyDictionary<string, double> Memory()
        => _tree.Memory().GroupBy(process => process.Name).ToDictionary(group => group.Key, group => group.Sum(process => process.Rss) / 1024.0);

    public ValueTask DisposeAsync() => _tree.DisposeAsync();

    private static Dictionary<string, string> Variables(string apiHost, int port, string key, string home) => new()
    {
        ["HOME"] = home,
        ["DOTNET_CLI_HOME"] = home,
        ["DOTNET_ENVIRONMENT"] = "Production",
        ["ApiHost"] = apiHost,
        ["Parameters__jwt-signing-key"] = key,
        ["Seed__Demo"] = "true",
        ["Ports__Api"] = port.ToString(CultureInfo.InvariantCulture),
        ["Ports__Mongo"] = "0",
        ["Ports__Dashboard"] = "0",
        ["Ports__Otlp"] = "0",
        ["Embedded__Lambda__MaxEnvironments"] = "4",
        // What is measured is how fast it can be, not the account's quota.
        ["Embedded__ApiGateway__Throttling__RateLimit"] = "1000000",
        ["Embedded__ApiGateway__Throttling__BurstLimit"] = "1000000",
    };
}
