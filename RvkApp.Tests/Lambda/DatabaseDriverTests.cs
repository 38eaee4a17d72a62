using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>
/// How the API's driver watches MongoDB, read off the wire: in Lambda, where a process is frozen between two requests, it asks now and then, and
/// nothing that happens while it is frozen reaches a caller; elsewhere the server streams its state.
/// </summary>
public sealed partial class DatabaseDriverTests : IAsyncLifetime
{
    private const string AdminEmail = "admin@school.example";
    private const string AdminPassword = "admin password of the function";
    private const string MongoPassword = "password";


    // The driver's shortest, and how long the monitor waits for an answer: a freeze outlasts both.
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongFreeze = TimeSpan.FromSeconds(2);

    private readonly TemporaryDirectory _data = new();
    private ServerProcess _mongo = null!;
    private WireProxy _wire = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mongo = await MongoProcess.StartAsync(_data.Path, MongoPassword);
        _wire = new WireProxy(_mongo.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        await _mongo.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task In_lambda_the_driver_polls()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, ApiEnvironment());
        await function.StartedAsync(runtime);
        new FunctionReply("GET /health", await runtime.InvokeAsync(new HttpApiEvent("GET", "/health").ToString())).ShouldBe(200);

        // More of them than there are connections, so the monitor is among those who ask.
        await Eventually.UntilAsync(() => Hellos() >= 8, () => $"{Hellos()} hellos");

        Assert.All(_wire.Commands.Where(command => command.IsHello), command =>
        {
            Assert.False(command.IsAwaitable, command.Body.ToString());
            Assert.False(command.AllowsExhaust, command.Body.ToString());
        });
        Assert.Equal(0, _wire.StreamedReplies);

        int Hellos() => _wire.Commands.Count(command => command.IsHello);
    }

    [Fact]
    public async Task In_a_process_of_its_own_the_driver_has_the_state_streamed()
    {
        var environment = ApiEnvironment().ToDictionary(variable => variable.Key, variable => variable.Value!);
        environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        await using var api = await ServerProcess.StartAsync("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "RvkApp.Api.dll")], environment, Listening());
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{api.Port}") };
        // It listens before its database is prepared, and says 503 until then.
        await Eventually.UntilAsync(async () => (await client.GetAnswerAsync("/health")).Status == 200, () => "the API is not healthy");

        await Eventually.UntilAsync(() => _wire.StreamedReplies > 0, () => $"{_wire.Commands.Count} commands, none of which was answered by a stream");

        Assert.Contains(_wire.Commands, command => command.IsHello && command.IsAwaitable && command.AllowsExhaust);
    }

    [Fact]
    public async Task After_a_freeze_that_outlasts_every_timeout_the_next_request_is_served()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, ApiEnvironment());
        var client = await SignInAsync(function, runtime);

        for (var round = 1; round <= 2; round++)
        {
            function.Freeze();
            await Task.Delay(LongFreeze, Cancelled);
            function.Thaw();

            await WriteAndReadAsync(client, $"frozen-{round}");
        }
    }

    [Fact]
    public async Task A_freeze_in_the_middle_of_a_heartbeat_is_not_taken_for_an_outage()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, ApiEnvironment());
        var client = await SignInAsync(function, runtime);

        var before = _wire.Commands.Count;
        _wire.HoldReplies();
        await Eventually.UntilAsync(() => _wire.Commands.Skip(before).Any(command => command.IsHello), () => "no heartbeat");
        function.Freeze();
        _wire.ReleaseReplies();
        await Task.Delay(LongFreeze, Cancelled);
        function.Thaw();

        await WriteAndReadAsync(client, "mid-heartbeat");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_of_mongodb_between_two_requests_heals(bool isFrozen)
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, ApiEnvironment());
        var client = await SignInAsync(function, runtime);
        if (isFrozen)
        {
            function.Freeze();
        }

        await _mongo.DisposeAsync();
        _mongo = await MongoProcess.StartAsync(_data.Path, MongoPassword);
        _wire.Target = _mongo.Port;
        if (isFrozen)
        {
            function.Thaw();
        }

        await WriteAndReadAsync(client, "restarted");
    }

    private static async Task WriteAndReadAsync(FunctionClient client, string code)
    {
        var created = (await client.SendAsync("POST", "/courses", new JsonObject { ["title"] = "Logic", ["code"] = code, ["credits"] = 6 })).ShouldBe(201);
        (await client.SendAsync("GET", $"/courses/{created["id"]}")).ShouldBe(200);
    }

    private static async Task<FunctionClient> SignInAsync(FunctionProcess function, RuntimeApiServer runtime)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "freezes a process by SIGSTOP");
        await function.StartedAsync(runtime);
        var client = new FunctionClient(runtime);
        await client.SignInAsync(AdminEmail, AdminPassword);
        await WriteAndReadAsync(client, "before");
        return client;
    }

    private Dictionary<string, string?> ApiEnvironment() => new()
    {
        ["ConnectionStrings__school"] = $"{MongoProcess.ConnectionString(_wire.Port, MongoPassword)}&heartbeatFrequencyMS={HeartbeatInterval.TotalMilliseconds}",
        ["Database__ConnectTimeout"] = ConnectTimeout.ToString("c"),
        ["Jwt__SigningKey"] = SchoolApp.SigningKey,
        ["Admin__Email"] = AdminEmail,
        ["Admin__Password"] = AdminPassword,
    };

    // Now listening on: http://127.0.0.1:41234
    [GeneratedRegex(@"Now listening on: http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Listening();
}
