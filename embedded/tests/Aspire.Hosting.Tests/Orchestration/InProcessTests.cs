using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

/// <summary>What stands in for a process in the app host is treated as one.</summary>
public class InProcessTests
{
    [Fact]
    public async Task It_is_started_with_what_the_model_says_and_runs_when_it_has_started()
    {
        await using var host = new ActorHost();
        var started = new TaskCompletionSource<InProcessContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        var mayRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.AddActor("part", "argument").WithEnvironment("NAME", "value").WithHttpEndpoint().WithAnnotation(new InProcessAnnotation(async context =>
        {
            started.TrySetResult(context);
            await mayRun.Task.WaitAsync(context.CancellationToken);
            return new Part();
        }));

        var start = host.StartAsync();
        var context = await started.Task.InTimeAsync();
        Assert.Equal(KnownResourceStates.Starting, host.StateOf("part").State?.Text);
        mayRun.SetResult();
        await start;
        await host.WaitForStateAsync("part", KnownResourceStates.Running);

        Assert.Equal("value", context.Process.Environment["NAME"]);
        Assert.Equal("argument", context.Process.Arguments[^1]);
        Assert.Equal("http", Assert.Single(context.Endpoints).Endpoint.Name);
        Assert.DoesNotContain(host.StateOf("part").Properties, p => p.Name == "executable.pid");
    }

    [Fact]
    public async Task It_is_stopped_started_and_restarted_by_the_commands_of_a_process()
    {
        await using var host = new ActorHost();
        List<Part> parts = [];
        host.AddActor("part").WithAnnotation(new InProcessAnnotation(_ =>
        {
            parts.Add(new Part());
            return Task.FromResult<IRunningResource>(parts[^1]);
        }));
        await host.StartAsync();
        await host.WaitForStateAsync("part", KnownResourceStates.Running);

        Assert.True((await host.CommandAsync("part", KnownResourceCommands.StopCommand)).Success);
        await host.WaitForStateAsync("part", KnownResourceStates.Exited);
        Assert.True((await host.CommandAsync("part", KnownResourceCommands.StartCommand)).Success);
        Assert.True((await host.CommandAsync("part", KnownResourceCommands.RestartCommand)).Success);
        await host.WaitForStateAsync("part", KnownResourceStates.Running);

        Assert.Equal([true, true, false], parts.Select(p => p.Exited.IsCompleted));
    }

    [Fact]
    public async Task One_that_cannot_start_is_a_failed_start_and_its_dependants_are_told()
    {
        await using var host = new ActorHost();
        var part = host.AddActor("part").WithAnnotation(new InProcessAnnotation(_ => throw new DistributedApplicationException("There is no reason.")));
        host.AddActor("other", "run").WaitFor(part);

        await host.StartAsync();
        await host.WaitForStateAsync("part", KnownResourceStates.FailedToStart);
        await host.WaitForStateAsync("other", KnownResourceStates.FailedToStart);

        Assert.Equal("There is no reason.", host.StateOf("part").FailureReason);
    }

    [Fact]
    public async Task One_that_ends_by_itself_with_an_error_is_started_again()
    {
        await using var host = new ActorHost();
        var count = 0;
        host.AddActor("part").WithAnnotation(new InProcessAnnotation(_ =>
        {
            var part = new Part();
            if (Interlocked.Increment(ref count) == 1)
            {
                part.End(new ProcessExit(1, null));
            }

            return Task.FromResult<IRunningResource>(part);
        }));

        await host.StartAsync();
        await host.WaitForAsync("part", s => s.State?.Text == KnownResourceStates.Running && Volatile.Read(ref count) == 2);
    }

    private sealed class Part : IRunningResource
    {
        private readonly TaskCompletionSource<ProcessExit> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DateTime StartTimeUtc { get; } = DateTime.UtcNow;

        public Task<ProcessExit> Exited => _exited.Task;

        public void End(ProcessExit exit) => _exited.TrySetResult(exit);

        public Task<ProcessExit> StopAsync(TimeSpan gracePeriod, CancellationToken cancellationToken)
        {
            End(new ProcessExit(0, null));
            return Exited;
        }

        public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero, CancellationToken.None);
    }
}
