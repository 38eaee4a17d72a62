using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>The app host killed without warning, over and over, on one volume.</summary>
public class KillTests
{
    private const int Rounds = 20;
    private const int Writers = 4;

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_no_process_and_loses_nothing_acknowledged()
    {
        using var home = new TemporaryDirectory();
        var random = new Random(20260117);
        var acknowledged = new ConcurrentBag<string>();

        for (var round = 0; round < Rounds; round++)
        {
            await using var host = Start(home);
            if (round % 2 == 0)
            {
                // Somewhere while it starts: before the first child, between two, while they wait for each other.
                await Task.Delay(random.Next(50, 2500), TestContext.Current.CancellationToken);
                host.Signal(Signal.Kill);
            }
            else
            {
                // Somewhere while it works.
                using var client = await SignInAsync(await host.WaitForApiAsync());
                await ShouldHaveAsync(client, acknowledged);
                using var stop = new CancellationTokenSource();
                var writers = Enumerable.Range(0, Writers).Select(_ => WriteAsync(client, acknowledged, stop.Token)).ToArray();
                await Task.Delay(random.Next(20, 300), TestContext.Current.CancellationToken);
                host.Signal(Signal.Kill);
                await host.WaitForExitAsync(TimeSpan.FromSeconds(5));
                await stop.CancelAsync();
                await Task.WhenAll(writers);
            }

            await host.WaitForExitAsync(TimeSpan.FromSeconds(5));
            await host.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(5));
        }

        await using var last = Start(home);
        using var reader = await SignInAsync(await last.WaitForApiAsync());
        Assert.True(acknowledged.Count > Rounds, $"only {acknowledged.Count} writes were acknowledged in all rounds");
        await ShouldHaveAsync(reader, acknowledged);
        last.Signal(Signal.Terminate);
        Assert.Equal(0, await last.WaitForExitAsync(TimeSpan.FromSeconds(20)));
    }

    private static AppHostProcess Start(TemporaryDirectory home) => AppHostProcess.Start(home.Path, home["volumes"], [$"--Parameters:admin-password={SchoolApp.AdminPassword}"]);

    private static async Task<HttpClient> SignInAsync(Uri api)
    {
        var client = new HttpClient { BaseAddress = api };
        var answer = await client.PostAsync("/auth/login", new JsonObject { ["email"] = "admin@school.local", ["password"] = SchoolApp.AdminPassword });
        return client.WithToken(answer.ShouldBe(200).Json.GetProperty("token").GetString()!);
    }

    private static async Task WriteAsync(HttpClient client, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var answer = await client.PostAsync("/courses", Entity.Courses.NewBody());
                if (answer.Status == 201)
                {
                    acknowledged.Add(answer.Json.GetProperty("id").GetString()!);
                }
            }
            catch (HttpRequestException)
            {
                // The API went with its host: nothing was promised.
                return;
            }
        }
    }

    private static async Task ShouldHaveAsync(HttpClient client, ConcurrentBag<string> acknowledged)
    {
        var stored = new HashSet<string>();
        JsonElement page;
        for (var number = 1; ; number++)
        {
            page = (await client.GetAnswerAsync($"/courses?limit=100&page={number}")).ShouldBe(200).Json;
            stored.UnionWith(page.EnumerateArray().Select(c => c.GetProperty("id").GetString()!));
            if (page.GetArrayLength() < 100)
            {
                break;
            }
        }

        var lost = acknowledged.Except(stored).ToArray();
        Assert.True(lost.Length == 0, $"{lost.Length} of {acknowledged.Count} acknowledged writes are lost");
    }
}
