using System.Diagnostics;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using RvkApp.AppHost;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>The API as a function on this machine, in a system of its own: its log, its restarts, and its environments when they are killed.</summary>
public sealed partial class LocalFunctionTests(LocalFunctionTests.OwnSchool own) : IClassFixture<LocalFunctionTests.OwnSchool>
{

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SchoolApp School => own.App;

    [Fact]
    public async Task The_functions_log_reports_every_invocation_with_the_memory_that_the_cloud_gives_it()
    {
        using var client = School.CreateClient(Role.User);
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);

        var report = await WaitForLogAsync(ReportLine());
        Assert.Equal("256", report.Groups["memory"].Value);
        var log = await LogAsync();
        Assert.Contains($"START RequestId: {report.Groups["id"].Value}", log, StringComparison.Ordinal);
        Assert.Contains($"END RequestId: {report.Groups["id"].Value}", log, StringComparison.Ordinal);
        Assert.DoesNotContain(SchoolApp.AdminPassword, log, StringComparison.Ordinal);
        Assert.DoesNotContain(SchoolApp.SigningKey, log, StringComparison.Ordinal);
        Assert.DoesNotContain(SchoolApp.MongoPassword, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_of_the_function_ends_its_environments_and_leaves_the_gateway_alone()
    {
        using var client = School.CreateClient(Role.User);
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        var before = School.FindApis();
        var gateway = State("gateway");

        var restarted = await School.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync("api", KnownResourceCommands.RestartCommand, Cancelled);

        Assert.True(restarted.Success, restarted.Message);
        await School.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceAsync("api", KnownResourceStates.Running, Cancelled).WaitAsync(Eventually.Patience, Cancelled);
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        Assert.Empty(School.FindApis().Intersect(before));
        Assert.Equal(KnownResourceStates.Running, State("gateway").State?.Text);
        Assert.Equal(gateway.StartTimeStamp, State("gateway").StartTimeStamp);
    }

    [Fact]
    public async Task When_idle_environments_are_killed_the_next_request_is_answered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the environments in /proc");
        using var client = School.CreateClient(Role.User);
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        var killed = School.FindApis();
        Assert.NotEmpty(killed);

        KillAll(killed);
        await Eventually.UntilAsync(() => killed.All(id => !Environments().Contains($": {id} (", StringComparison.Ordinal)), () => "the function still counts on an environment that is gone");

        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        Assert.Empty(School.FindApis().Intersect(killed));
        Assert.Equal(KnownResourceStates.Running, State("api").State?.Text);
    }

    [Fact]
    public async Task A_request_whose_environment_is_killed_fails_as_the_cloud_says_it_and_the_next_is_answered()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the environments in /proc");
        using var client = School.CreateClient(Role.User);
        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        var starts = Starts(await LogAsync());
        using var mongo = School.FindMongo();
        Task<Answer> request;
        try
        {
            // Nothing is answered that needs the database, so the request is still there when its environment dies.
            Signal(mongo, "STOP");
            request = client.GetAnswerAsync("/courses");
            await Eventually.UntilAsync(async () => Starts(await LogAsync()) > starts, () => "the request does not reach the function");
            KillAll(School.FindApis());
            var answer = (await request.WaitAsync(Eventually.Patience, Cancelled)).ShouldBe(500);
            Assert.Equal("""{"message":"Internal Server Error"}""", answer.Text);
        }
        finally
        {
            Signal(mongo, "CONT");
        }

        (await client.GetAnswerAsync("/courses")).ShouldBe(200);
    }

    private static int Starts(string log) => Regex.Count(log, "START RequestId: ");

    private static void KillAll(IEnumerable<int> ids)
    {
        foreach (var id in ids)
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
        }
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    // "1: 4711 (started), 2: 4712 (started)"
    private string Environments() => State("api").Properties.Single(property => property.Name == "lambda.environments.pids").Value!.ToString()!;

    private CustomResourceSnapshot State(string resource)
        => School.Services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(resource, out var current) ? current.Snapshot : throw new InvalidOperationException($"There is no resource '{resource}'.");

    private async Task<Match> WaitForLogAsync(Regex line)
    {
        var match = Match.Empty;
        await Eventually.UntilAsync(async () => (match = line.Match(await LogAsync())).Success, () => $"no line of the function's log is like {line}");
        return match;
    }

    private async Task<string> LogAsync()
    {
        var lines = new List<string>();
        await foreach (var batch in School.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync("api").WithCancellation(Cancelled))
        {
            lines.AddRange(batch.Select(line => line.Content));
        }

        return string.Join('\n', lines);
    }

    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-view.html
    [GeneratedRegex(@"REPORT RequestId: (?<id>[0-9a-f-]{36})\s+Duration: [\d.]+ ms\s+Billed Duration: \d+ ms\s+Memory Size: (?<memory>\d+) MB\s+Max Memory Used: \d+ MB")]
    private static partial Regex ReportLine();

    /// <summary>A system that only these tests use, one after another.</summary>
    public sealed class OwnSchool : IAsyncLifetime
    {
        private readonly TemporaryDirectory _volumes = new();

        internal SchoolApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
            => App = await SchoolApp.StartAsync(new SchoolAppOptions { ApiHost = ApiHost.Lambda, VolumesPath = _volumes.Path, Arguments = ["--Aws:LambdaMemory=256"] }, Cancelled);

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            _volumes.Dispose();
        }
    }
}
