using System.Collections.Concurrent;
using System.Diagnostics;
using RvkApp.AppHost;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>MongoDB is killed under load, in a system of its own.</summary>
public abstract class OutageTests
{
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(60);

    private readonly ApiHost _host;

    private protected OutageTests(ApiHost host) => _host = host;

    [Fact]
    public async Task When_mongodb_dies_under_load_the_api_says_so_recovers_by_itself_and_loses_nothing_acknowledged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the database's process in /proc");
        using var volumes = new TemporaryDirectory();
        // Longer than the API waits for a database that is about to come back.
        var options = new SchoolAppOptions { ApiHost = _host, VolumesPath = volumes.Path, Arguments = ["--Embedded:Restart:InitialDelay=00:00:05"] };
        await using var school = await SchoolApp.StartAsync(options, TestContext.Current.CancellationToken);
        using var admin = school.CreateClient(Role.Admin);
        using var anonymous = school.CreateClient(Role.Anonymous);
        using var mongo = school.FindMongo();
        using var load = new Load(admin);

        await load.WaitForAsync(answers => answers.Count(a => a.Status == 201) >= 50);
        var apis = school.FindApis();
        mongo.Kill();

        await load.WaitForAsync(answers => answers.Any(a => a.Status == 503));
        (await anonymous.GetAnswerAsync("/")).ShouldBe(200);
        (await anonymous.GetAnswerAsync("/alive")).ShouldBe(200);
        (await anonymous.GetAnswerAsync("/openapi/v1.json")).ShouldBe(200);
        (await anonymous.GetAnswerAsync("/students")).ShouldBeProblem(401);
        (await anonymous.GetAnswerAsync("/nothing-here")).ShouldBeProblem(404);

        var known = load.Answers.Count;
        await load.WaitForAsync(answers => answers.Skip(known).Count(a => a.Status == 201) >= 50);
        await load.StopAsync();

        Assert.All(load.Answers.Where(a => a.Status != 201), a => a.ShouldBeProblem(503));
        foreach (var answer in load.Answers.Where(a => a.Status == 201))
        {
            (await admin.GetAnswerAsync($"/courses/{answer.Json.GetProperty("id").GetString()}")).ShouldBe(200);
        }

        // One process, or one for each execution environment; more of these may have come, but none may have gone.
        Assert.NotEmpty(apis);
        Assert.Subset(school.FindApis(), apis);
        (await anonymous.GetAnswerAsync("/health")).ShouldBe(200);
    }

    /// <summary>Creates courses one after another on several connections until it is stopped.</summary>
    private sealed class Load : IDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        private readonly ConcurrentQueue<Answer> _answers = new();
        private readonly Task[] _writers;

        public Load(HttpClient client) => _writers = [.. Enumerable.Range(0, 4).Select(_ => WriteAsync(client))];

        public IReadOnlyList<Answer> Answers => [.. _answers];

        public async Task WaitForAsync(Func<IReadOnlyList<Answer>, bool> condition)
        {
            var watch = Stopwatch.StartNew();
            while (!condition(Answers))
            {
                Assert.True(watch.Elapsed < RecoveryDeadline, $"after {watch.Elapsed}: {string.Join(", ", Answers.CountBy(a => a.Status))}; the last is {(Answers is [.., var last] ? last : null)}");
                await Task.Delay(20, _stop.Token);
            }
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_writers);
        }

        public void Dispose() => _stop.Dispose();

        private async Task WriteAsync(HttpClient client)
        {
            while (!_stop.IsCancellationRequested)
            {
                _answers.Enqueue(await client.PostAsync("/courses", Entity.Courses.NewBody()));
            }
        }
    }
}
