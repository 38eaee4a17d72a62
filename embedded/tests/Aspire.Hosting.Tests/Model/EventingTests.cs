using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class EventingTests
{
    private sealed record Happened(int Number) : IDistributedApplicationEvent;

    [Fact]
    public async Task Subscribers_are_called_one_after_the_other_in_order()
    {
        var eventing = new DistributedApplicationEventing();
        var calls = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var name = $"{i}";
            eventing.Subscribe<Happened>(async (_, cancellationToken) =>
            {
                calls.Add($"{name} begins");
                await Task.Yield();
                calls.Add($"{name} ends");
            });
        }

        await eventing.PublishAsync(new Happened(1), TestDeadline.Token());

        Assert.Equal(["0 begins", "0 ends", "1 begins", "1 ends", "2 begins", "2 ends"], calls);
    }

    [Fact]
    public async Task Concurrent_subscribers_run_together()
    {
        var eventing = new DistributedApplicationEventing();
        var both = new Barrier(2);
        for (var i = 0; i < 2; i++)
        {
            eventing.Subscribe<Happened>((_, cancellationToken) => Task.Run(() => both.SignalAndWait(cancellationToken), cancellationToken));
        }

        await eventing.PublishAsync(new Happened(1), EventDispatchBehavior.BlockingConcurrent, TestDeadline.Token()).InTimeAsync();
    }

    [Theory]
    [InlineData(EventDispatchBehavior.NonBlockingSequential)]
    [InlineData(EventDispatchBehavior.NonBlockingConcurrent)]
    public async Task A_non_blocking_publisher_does_not_wait(EventDispatchBehavior behavior)
    {
        var eventing = new DistributedApplicationEventing();
        var release = new TaskCompletionSource();
        var reached = new TaskCompletionSource();
        eventing.Subscribe<Happened>(async (_, _) =>
        {
            await release.Task;
            reached.SetResult();
        });

        await eventing.PublishAsync(new Happened(1), behavior, TestDeadline.Token()).InTimeAsync();
        Assert.False(reached.Task.IsCompleted);
        release.SetResult();

        await reached.Task.InTimeAsync();
    }

    [Fact]
    public async Task A_failing_subscriber_ends_a_sequential_publication()
    {
        var eventing = new DistributedApplicationEventing();
        var called = false;
        eventing.Subscribe<Happened>((_, _) => throw new InvalidOperationException("no"));
        eventing.Subscribe<Happened>((_, _) =>
        {
            called = true;
            return Task.CompletedTask;
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => eventing.PublishAsync(new Happened(1), TestDeadline.Token()));
        Assert.False(called);
    }

    [Fact]
    public async Task A_subscription_can_be_for_one_resource_and_can_end()
    {
        using var builder = ModelBuilder.Run();
        var (a, b) = (builder.AddProgram("a"), builder.AddProgram("b"));
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
        using var provider = Microsoft.Extensions.DependencyInjection.ServiceCollectionContainerBuilderExtensions.BuildServiceProvider(services);
        var heard = new List<string>();
        builder.Eventing.Subscribe<ResourceReadyEvent>(a.Resource, (e, _) => Note($"a:{e.Resource.Name}"));
        var all = builder.Eventing.Subscribe<ResourceReadyEvent>((e, _) => Note($"all:{e.Resource.Name}"));
        b.OnResourceReady((resource, _, _) => Note($"on:{resource.Name}"));

        await builder.Eventing.PublishAsync(new ResourceReadyEvent(a.Resource, provider), TestDeadline.Token());
        await builder.Eventing.PublishAsync(new ResourceReadyEvent(b.Resource, provider), TestDeadline.Token());
        builder.Eventing.Unsubscribe(all);
        await builder.Eventing.PublishAsync(new ResourceReadyEvent(a.Resource, provider), TestDeadline.Token());

        Assert.Equal(["a:a", "all:a", "all:b", "on:b", "a:a"], heard);

        Task Note(string text)
        {
            heard.Add(text);
            return Task.CompletedTask;
        }
    }
}
