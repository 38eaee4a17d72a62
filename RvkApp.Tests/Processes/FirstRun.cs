using System.Text.Json.Nodes;
using RvkApp.Tests.Processes;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(FirstRun))]

namespace RvkApp.Tests.Processes;

/// <summary>
/// The first run of a newcomer, with nothing configured: what it printed, how it ended, and the profile and volume that it left. Tests
/// that need a volume with history take a copy.
/// </summary>
public sealed class FirstRun : IDisposable
{
    /// <summary>The course that was created in it.</summary>
    internal const string CourseCode = "FIRST-RUN";

    private readonly TemporaryDirectory _profile = new();
    private readonly Lazy<Task<Record>> _record;

    public FirstRun() => _record = new(RunAsync);

    internal Task<Record> RecordAsync() => _record.Value;

    /// <summary>A copy of the profile with its volume.</summary>
    internal async Task<TemporaryDirectory> CopyAsync()
    {
        await RecordAsync();
        var copy = new TemporaryDirectory();
        foreach (var directory in Directory.EnumerateDirectories(_profile.Path, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(directory.Replace(_profile.Path, copy.Path, StringComparison.Ordinal));
        }

        foreach (var file in Directory.EnumerateFiles(_profile.Path, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, file.Replace(_profile.Path, copy.Path, StringComparison.Ordinal));
        }

        return copy;
    }

    public void Dispose() => _profile.Dispose();

    private async Task<Record> RunAsync()
    {
        await using var host = AppHostProcess.Start(_profile.Path, _profile["volumes"]);
        var api = await host.WaitForApiAsync();
        // The sign-in is printed with the address, in one piece, but lines come one by one.
        var email = (await host.WaitForOutputAsync(@"Sign in as\s+(\S+)", TimeSpan.FromSeconds(10))).Groups[1].Value;
        var password = (await host.WaitForOutputAsync(@"Password\s+(\S+)", TimeSpan.FromSeconds(10))).Groups[1].Value;

        using var client = new HttpClient { BaseAddress = api };
        var signedIn = await client.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = password });
        client.WithToken(signedIn.ShouldBe(200).Json.GetProperty("token").GetString()!);
        await Entity.Courses.CreateAsync(client, c => c["code"] = CourseCode);

        var running = host.FindDescendants();
        host.Signal(Signal.Interrupt);
        var order = await WatchThemGoAsync(host, running);
        var exitCode = await host.WaitForExitAsync(TimeSpan.FromSeconds(30));
        await host.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(5));
        return new Record(email, password, host.Output, host.Errors, exitCode, order);
    }

    // The processes by name, in the order in which they ended.
    private static async Task<IReadOnlyList<string>> WatchThemGoAsync(AppHostProcess host, IReadOnlyDictionary<int, string> running)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        var left = running.ToDictionary();
        var order = new List<string>();
        while (left.Count > 0)
        {
            var alive = host.FindDescendants();
            foreach (var (id, name) in left.Where(p => !alive.ContainsKey(p.Key)).ToArray())
            {
                left.Remove(id);
                order.Add(name);
            }

            await Task.Delay(2, deadline.Token);
        }

        return order;
    }

    internal sealed record Record(string AdminEmail, string AdminPassword, string Output, string Errors, int ExitCode, IReadOnlyList<string> OrderOfEnd);
}
