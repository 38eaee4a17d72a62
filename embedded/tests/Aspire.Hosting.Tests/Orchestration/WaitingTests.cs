using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Orchestration;

public class WaitingTests
{
    [Fact]
    public async Task A_resource_starts_when_what_it_waits_for_is_healthy_and_its_ready_event_handled()
    {
        await using var host = new ActorHost();
        var healthy = false;
        var handled = new TaskCompletionSource();
        host.Builder.Services.AddHealthChecks().AddCheck("check", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("not yet"));
        var first = host.AddActor("first", "run").WithHealthCheck("check").OnResourceReady((_, _, _) => handled.Task);
        host.AddActor("second", "run").WaitFor(first);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        await host.WaitForAsync("first", s => s.HealthReports is [{ Status: HealthStatus.Unhealthy, Description: "not yet" }]);
        await host.WaitForStateAsync("second", KnownResourceStates.Waiting);
        Volatile.Write(ref healthy, true);
        await host.WaitForAsync("first", s => s.HealthStatus == HealthStatus.Healthy);
        Assert.Equal(KnownResourceStates.Waiting, host.StateOf("second").State?.Text);
        Assert.False(start.IsCompleted);
        handled.SetResult();
        await start.InTimeAsync();

        Assert.Equal(KnownResourceStates.Running, host.StateOf("second").State?.Text);
        Assert.Equal(["NotStarted", "Waiting", "Starting", "Running"], await host.StatesOfAsync("second"));
    }

    [Fact]
    public async Task Waiting_for_the_start_does_not_wait_for_health()
    {
        await using var host = new ActorHost();
        host.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = host.AddActor("first", "run").WithHealthCheck("never");
        host.AddActor("second", "run").WaitForStart(first);

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.Running, host.StateOf("second").State?.Text);
        Assert.Equal(HealthStatus.Unhealthy, host.StateOf("first").HealthStatus);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(3, 3, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 3, false)]
    public async Task Waiting_for_completion_looks_at_the_exit_code(int exitCode, int expected, bool starts)
    {
        await using var host = new ActorHost();
        var first = host.AddActor("first", "print=the reason", $"exit={exitCode}");
        host.AddActor("second", "run").WaitForCompletion(first, expected);

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.Finished, host.StateOf("first").State?.Text);
        Assert.Equal(exitCode, host.StateOf("first").ExitCode);
        Assert.Equal(starts ? KnownResourceStates.Running : KnownResourceStates.FailedToStart, host.StateOf("second").State?.Text);
        if (!starts)
        {
            var message = host.Outcome.ToException()!.Message;
            Assert.Contains($"'second' was not started because it waits for 'first' to end with exit code {expected}", message);
            Assert.Contains("the reason", message);
        }
    }

    [Fact]
    public async Task A_failed_dependency_ends_the_wait_with_its_last_output()
    {
        await using var host = new ActorHost();
        host.Options.StartedAfter = TimeSpan.FromMinutes(5);
        var release = host.File("release");
        host.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = host.AddActor("first", "print=reading the file", "error=it is corrupt", $"until={release}", "exit=48").WithHealthCheck("never");
        var second = host.AddActor("second", "run").WaitFor(first);
        host.AddActor("third", "run").WaitFor(second);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        await host.WaitForStateAsync("third", KnownResourceStates.Waiting);
        await File.WriteAllTextAsync(release, "", TestDeadline.Token());
        await start.InTimeAsync();

        Assert.Equal(48, host.StateOf("first").ExitCode);
        Assert.All(["first", "second", "third"], r => Assert.Equal(KnownResourceStates.FailedToStart, host.StateOf(r).State?.Text));
        Assert.DoesNotContain("Starting", await host.StatesOfAsync("second"));
        var message = host.Outcome.ToException()!.Message;
        Assert.Contains("'first' failed", message);
        Assert.Contains("exit code 48", message);
        Assert.Contains("it is corrupt", message);
        Assert.Contains("Not started because of that: second, third.", message);
        var waiting = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Notifications.WaitForResourceHealthyAsync("first", TestDeadline.Token()));
        Assert.Contains("it is corrupt", waiting.Message);
    }

    [Fact]
    public async Task A_ready_event_that_cannot_be_handled_fails_those_that_wait()
    {
        await using var host = new ActorHost();
        host.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = host.AddActor("first", "run").OnResourceReady((_, _, _) => throw new FormatException("the seed is wrong"));
        var never = host.AddActor("never", "run").WithHealthCheck("never");
        host.AddActor("second", "run").WaitFor(first).WaitFor(never);

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.FailedToStart, host.StateOf("second").State?.Text);
        Assert.Contains("the seed is wrong", host.Outcome.ToException()!.Message);
        await host.WaitForLineAsync("first", "A subscriber of the ready event of 'first' failed");
    }

    [Fact]
    public async Task A_patient_wait_outlasts_a_failure()
    {
        await using var host = new ActorHost();
        host.Options.StartedAfter = TimeSpan.FromMinutes(5);
        var marker = host.File("marker");
        var first = host.AddActor("first", $"once={marker}", "exit=1");
        host.AddActor("second", "run").WaitFor(first, WaitBehavior.WaitOnResourceUnavailable);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        // The actor without health checks counts as there once it runs, so the second one may start or not, but never fails.
        await host.WaitForStateAsync("first", KnownResourceStates.FailedToStart);
        Assert.True((await host.CommandAsync("first", KnownResourceCommands.StartCommand)).Success);
        await start.InTimeAsync();

        Assert.Equal(KnownResourceStates.Running, host.StateOf("second").State?.Text);
        Assert.Null(host.Outcome.ToException());
    }

    [Fact]
    public async Task The_start_command_ends_the_wait()
    {
        await using var host = new ActorHost();
        host.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = host.AddActor("first", "run").WithHealthCheck("never");
        host.AddActor("second", "run").WaitFor(first);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        await host.WaitForStateAsync("second", KnownResourceStates.Waiting);
        Assert.True((await host.CommandAsync("second", KnownResourceCommands.StartCommand)).Success);
        await start.InTimeAsync();

        Assert.Equal(KnownResourceStates.Running, host.StateOf("second").State?.Text);
    }

    [Fact]
    public async Task Stopping_while_something_waits_ends_the_wait()
    {
        await using var host = new ActorHost();
        host.Builder.Services.AddHealthChecks().AddCheck("never", () => HealthCheckResult.Unhealthy());
        var first = host.AddActor("first", "run").WithHealthCheck("never");
        host.AddActor("second", "run").WaitFor(first);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        await host.WaitForStateAsync("second", KnownResourceStates.Waiting);
        await host.StopAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start.InTimeAsync());
        Assert.Equal(KnownResourceStates.Exited, host.StateOf("first").State?.Text);
        Assert.Equal(KnownResourceStates.Exited, host.StateOf("second").State?.Text);
        Assert.Null(host.Outcome.ToException());
    }

    [Fact]
    public async Task Health_is_looked_at_again_while_a_resource_runs()
    {
        await using var host = new ActorHost();
        var healthy = true;
        host.Builder.Services.AddHealthChecks().AddCheck("check", () => Volatile.Read(ref healthy) ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded("slow"));
        var ready = 0;
        host.AddActor("program", "run").WithHealthCheck("check").OnResourceReady((_, _, _) =>
        {
            Interlocked.Increment(ref ready);
            return Task.CompletedTask;
        });

        await host.StartAsync();
        await host.Notifications.WaitForResourceHealthyAsync("program", TestDeadline.Token());
        Volatile.Write(ref healthy, false);
        await host.WaitForAsync("program", s => s.HealthStatus == HealthStatus.Degraded);
        Volatile.Write(ref healthy, true);
        await host.WaitForAsync("program", s => s.HealthStatus == HealthStatus.Healthy);

        Assert.Equal(1, ready);
        Assert.NotNull(Assert.Single(host.StateOf("program").HealthReports).LastRunAt);
    }

    [Fact]
    public async Task An_http_health_check_asks_the_endpoint()
    {
        await using var host = new ActorHost();
        var sick = host.File("sick");
        await File.WriteAllTextAsync(sick, "", TestDeadline.Token());
        host.AddActor("web", "serve").WithHttpEndpoint(env: "PORT").WithEnvironment("SICK_WHILE", sick).WithHttpHealthCheck("/health");

        await host.StartAsync();
        await host.WaitForAsync("web", s => s.HealthReports is [{ Name: "web_http_/health_200_check", Status: HealthStatus.Unhealthy, Description: { } text }] && text.Contains("503", StringComparison.Ordinal));
        File.Delete(sick);

        await host.Notifications.WaitForResourceHealthyAsync("web", TestDeadline.Token());
    }

    [Fact]
    public async Task A_health_check_nobody_has_registered_is_an_error()
    {
        await using var host = new ActorHost();
        host.AddActor("program", "run").WithHealthCheck("typo");
        host.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Application.StartAsync(TestDeadline.Token()));

        Assert.Contains("'typo'", exception.Message);
        Assert.Contains("'program'", exception.Message);
    }

    [Fact]
    public void Health_checks_need_an_endpoint_they_can_ask()
    {
        using var builder = ModelBuilder.Run();
        Assert.Contains("no endpoint 'http'", Assert.Throws<DistributedApplicationException>(() => builder.AddProgram("a").WithHttpHealthCheck()).Message);
        Assert.Contains("'tcp'", Assert.Throws<DistributedApplicationException>(() => builder.AddProgram("b").WithEndpoint(name: "raw").WithHttpHealthCheck(endpointName: "raw")).Message);
        Assert.Throws<DistributedApplicationException>(() => builder.AddProgram("c").WithHealthCheck("x").WithHealthCheck("x"));
    }

    [Fact]
    public async Task What_belongs_to_a_resource_shares_its_state_and_has_its_own_health()
    {
        await using var host = new ActorHost();
        var shelfThere = false;
        host.Builder.Services.AddHealthChecks()
            .AddCheck("store_check", () => HealthCheckResult.Healthy())
            .AddCheck("shelf_check", () => Volatile.Read(ref shelfThere) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        var store = host.Builder.AddResource(new StoreResource("store")).WithEndpoint(name: "tcp").WithHealthCheck("store_check").RunAsActor(host, "run");
        var shelf = host.Builder.AddResource(new ShelfResource("shelf", store.Resource)).WithHealthCheck("shelf_check");
        host.AddActor("program", "run").WaitFor(shelf);
        host.Build();

        var start = host.Application.StartAsync(TestDeadline.Token());
        await host.WaitForAsync("store", s => s.HealthStatus == HealthStatus.Healthy);
        await host.WaitForAsync("shelf", s => s.State?.Text == KnownResourceStates.Running && s.HealthStatus == HealthStatus.Unhealthy);
        Assert.Equal(KnownResourceStates.Waiting, host.StateOf("program").State?.Text);
        Volatile.Write(ref shelfThere, true);
        await start.InTimeAsync();
        Assert.True((await host.CommandAsync("store", KnownResourceCommands.StopCommand)).Success);

        Assert.Equal(KnownResourceStates.Exited, host.StateOf("shelf").State?.Text);
        Assert.Null(host.StateOf("shelf").HealthStatus);
    }
}
