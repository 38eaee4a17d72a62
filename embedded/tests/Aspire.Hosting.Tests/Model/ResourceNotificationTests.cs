using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Tests.Model;

public class ResourceNotificationTests
{
    [Fact]
    public async Task A_wait_ends_with_the_first_state_that_meets_its_condition()
    {
        await using var host = Model(out var resource);
        var running = host.Notifications.WaitForResourceAsync("THING", cancellationToken: TestDeadline.Token());
        var either = host.Notifications.WaitForResourceAsync("thing", ["Odd", KnownResourceStates.Finished], TestDeadline.Token());

        await Publish(host, resource, KnownResourceStates.Starting);
        Assert.False(running.IsCompleted);
        await Publish(host, resource, KnownResourceStates.Running);
        await running.InTimeAsync();
        await Publish(host, resource, "Odd");

        Assert.Equal("Odd", await either.InTimeAsync());
    }

    [Fact]
    public async Task The_present_state_counts()
    {
        await using var host = Model(out var resource);
        await Publish(host, resource, KnownResourceStates.Running);

        await host.Notifications.WaitForResourceAsync("thing", cancellationToken: TestDeadline.Token()).InTimeAsync();
    }

    [Fact]
    public async Task A_failing_condition_fails_the_wait_and_not_the_publisher()
    {
        await using var host = Model(out var resource);
        var wait = host.Notifications.WaitForResourceAsync("thing", _ => throw new FormatException("mine"), TestDeadline.Token());

        await Publish(host, resource, KnownResourceStates.Running);

        await Assert.ThrowsAsync<FormatException>(() => wait.InTimeAsync());
    }

    [Fact]
    public async Task A_watcher_gets_the_present_states_and_every_change()
    {
        await using var host = Model(out var resource);
        await Publish(host, resource, "One");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestDeadline.Token());
        var states = new List<string?>();

        await foreach (var @event in host.Notifications.WatchAsync(ending.Token))
        {
            if (@event.Resource != resource)
            {
                continue;
            }

            states.Add(@event.Snapshot.State?.Text);
            if (states.Count == 1)
            {
                await Publish(host, resource, "Two");
                await Publish(host, resource, "Three");
            }
            else if (states.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(["One", "Two", "Three"], states);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("Starting", null, null)]
    [InlineData("Running", null, HealthStatus.Healthy)]
    [InlineData("Running", "Healthy,Healthy", HealthStatus.Healthy)]
    [InlineData("Running", "Healthy,Degraded", HealthStatus.Degraded)]
    [InlineData("Running", "Healthy,Unhealthy", HealthStatus.Unhealthy)]
    [InlineData("Running", "Healthy,none", HealthStatus.Unhealthy)]
    [InlineData("Exited", "Healthy", null)]
    public void Health_is_the_worst_report_while_running(string? state, string? reports, HealthStatus? expected)
    {
        var snapshot = new CustomResourceSnapshot { ResourceType = "Thing", Properties = [], State = state }.WithHealthReports(
        [
            .. (reports?.Split(',') ?? []).Select(r => new HealthReportSnapshot(r, r == "none" ? null : Enum.Parse<HealthStatus>(r), null, null)),
        ]);

        Assert.Equal(expected, snapshot.HealthStatus);
    }

    [Fact]
    public async Task A_resource_that_is_not_in_the_model_is_not_waited_for()
    {
        await using var host = Model(out _);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Notifications.WaitForResourceHealthyAsync("nobody", TestDeadline.Token()));

        Assert.Contains("'nobody'", exception.Message);
    }

    [Fact]
    public async Task A_custom_resource_begins_with_its_initial_state_and_publishes_its_own()
    {
        await using var host = new ActorHost();
        host.Builder.AddResource(new Thing("thing"))
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Thing", Properties = [new("size", 3)], State = "Idle" })
            .OnInitializeResource(async (resource, @event, _) => await @event.Notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running }));
        host.AddActor("program", "run").WaitFor(host.Builder.CreateResourceBuilder<Thing>("thing"));

        await host.StartAsync();

        Assert.Equal(["Idle", "Running"], await host.StatesOfAsync("thing"));
        Assert.Equal(3, host.StateOf("thing").Properties.Single(p => p.Name == "size").Value);
        Assert.Equal(KnownResourceStates.Running, host.StateOf("program").State?.Text);
    }

    private static ActorHost Model(out Thing resource)
    {
        var host = new ActorHost();
        resource = host.Builder.AddResource(new Thing("thing")).Resource;
        host.Build();
        return host;
    }

    private static Task Publish(ActorHost host, IResource resource, string state) => host.Notifications.PublishUpdateAsync(resource, s => s with { State = state });

    private sealed class Thing(string name) : Resource(name);
}
