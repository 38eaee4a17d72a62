using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Support;

/// <summary>An application of actors: programs that do as they are told (see TestApps/Actor).</summary>
internal sealed class ActorHost : IAsyncDisposable
{
    private readonly List<(string Resource, string State)> _states = [];
    private readonly Dictionary<string, string> _last = [];
    private readonly SemaphoreSlim _recorded = new(0);
    private readonly CancellationTokenSource _ending = new();
    private Task _record = Task.CompletedTask;

    public ActorHost(params (string Key, string Value)[] configuration)
    {
        Builder = ModelBuilder.With(configuration);
        Builder.Services.AddSingleton(new ProcessSupervisorOptions { RunsDirectory = Directory.Combine("runs") });
        Builder.Services.AddSingleton(Options);
        Builder.Services.AddLogging(logging => logging.ClearProviders());
    }

    private string? _owned;

    public static string ActorPath { get; } = Path.Combine(AppContext.BaseDirectory, "Actor.dll");

    public TemporaryDirectory Directory { get; } = new();

    /// <summary>Quick restarts, and a process counts as started at once: tests have no time.</summary>
    public OrchestratorOptions Options { get; } = new()
    {
        StartedAfter = TimeSpan.Zero,
        Restart = new RestartBackoffOptions { InitialDelay = TimeSpan.FromMilliseconds(10), MaxCrashes = 3 },
        Health = new HealthCheckIntervals { Unhealthy = TimeSpan.FromMilliseconds(100), Healthy = TimeSpan.FromMilliseconds(100) },
    };

    public IDistributedApplicationTestingBuilder Builder { get; }

    public DistributedApplication Application { get; private set; } = null!;

    public ResourceNotificationService Notifications { get; private set; } = null!;

    public ApplicationOutcome Outcome => Application.Services.GetRequiredService<ApplicationOutcome>();

    public IResourceBuilder<ExecutableResource> AddActor(string name, params object[] acts)
        => Builder.AddExecutable(name, DotNetHost.Path, AppContext.BaseDirectory, [.. (object[])["exec", ActorPath], .. acts]);

    public string File(string name) => Directory.Combine(name);

    /// <summary>Makes a directory go with the host.</summary>
    public void Owns(string directory) => _owned = directory;

    public void Build()
    {
        Application = Builder.Build();
        Notifications = Application.ResourceNotifications;
        _record = FollowAsync();
    }

    public async Task StartAsync()
    {
        Build();
        await Application.StartAsync(TestDeadline.Token()).InTimeAsync();
    }

    public Task StopAsync() => Application.StopAsync(TestDeadline.Token()).InTimeAsync();

    public Task<ResourceEvent> WaitForAsync(string resource, Func<CustomResourceSnapshot, bool> condition)
        => Notifications.WaitForResourceAsync(resource, e => condition(e.Snapshot), TestDeadline.Token());

    public Task<ResourceEvent> WaitForStateAsync(string resource, string state) => WaitForAsync(resource, s => s.State?.Text == state);

    public CustomResourceSnapshot StateOf(string resource)
        => Notifications.TryGetCurrentState(resource, out var current) ? current.Snapshot : throw new InvalidOperationException($"No state of '{resource}'.");

    public Task<ExecuteCommandResult> CommandAsync(string resource, string command)
        => Application.ResourceCommands.ExecuteCommandAsync(resource, command, TestDeadline.Token()).InTimeAsync();

    /// <summary>The states each resource has been in, in the order in which they came.</summary>
    public async Task<string[]> StatesOfAsync(string resource) => [.. (await RecordedAsync()).Where(s => s.Resource == resource).Select(s => s.State)];

    /// <summary>All changes of state, for the order between resources.</summary>
    public async Task<string[]> AllStatesAsync() => [.. (await RecordedAsync()).Select(s => $"{s.Resource} {s.State}")];

    public IReadOnlyList<string> OutputOf(string resource) => Application.Services.GetRequiredService<ResourceLoggerService>().GetLastLines(resource, 50);

    /// <summary>Waits for a line of a resource's log, as often as it is wanted.</summary>
    public async Task WaitForLineAsync(string resource, string text, int times = 1)
    {
        var seen = 0;
        await foreach (var batch in Application.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(resource).WithCancellation(TestDeadline.Token()))
        {
            seen += batch.Count(line => line.Content.Contains(text, StringComparison.Ordinal));
            if (seen >= times)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Application is not null)
        {
            await Application.DisposeAsync();
        }

        await Builder.DisposeAsync();
        await _ending.CancelAsync();
        await _record;
        _ending.Dispose();
        _recorded.Dispose();
        Directory.Dispose();
        if (_owned is not null)
        {
            System.IO.Directory.Delete(_owned, recursive: true);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var @event in Notifications.WatchAsync(_ending.Token))
            {
                if (@event.Snapshot.State?.Text is { } state)
                {
                    lock (_states)
                    {
                        if (_last.GetValueOrDefault(@event.ResourceId) != state)
                        {
                            _last[@event.ResourceId] = state;
                            _states.Add((@event.ResourceId, state));
                        }
                    }

                    _recorded.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    /// <summary>Waits until what has been published is recorded.</summary>
    private async Task<(string Resource, string State)[]> RecordedAsync()
    {
        while (true)
        {
            lock (_states)
            {
                if (Builder.Resources.All(r => !Notifications.TryGetCurrentState(r.Name, out var current) || current.Snapshot.State is not { } state || _last.GetValueOrDefault(r.Name) == state.Text))
                {
                    return [.. _states];
                }
            }

            await _recorded.WaitAsync(TestDeadline.Token());
        }
    }
}
