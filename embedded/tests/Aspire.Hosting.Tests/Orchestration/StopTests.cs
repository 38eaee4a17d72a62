using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

public class StopTests
{
    [Fact]
    public async Task Resources_stop_before_those_they_need()
    {
        await using var host = new ActorHost();
        var store = host.AddActor("store", "print=up", "run").WithHttpEndpoint();
        var api = host.AddActor("api", "print=up", "run").WaitFor(store).WithHttpEndpoint();
        host.AddActor("web", "print=up", "run").WithEnvironment("API", api.GetEndpoint("http"));

        await host.StartAsync();
        await Task.WhenAll(((string[])["store", "api", "web"]).Select(r => host.WaitForLineAsync(r, "up")));
        await host.StopAsync();

        var states = (await host.AllStatesAsync()).ToList();
        Assert.True(states.IndexOf("web Exited") < states.IndexOf("api Stopping"), string.Join(", ", states));
        Assert.True(states.IndexOf("api Exited") < states.IndexOf("store Stopping"), string.Join(", ", states));
        Assert.Contains("store Exited", states);
        Assert.All(["store", "api", "web"], r => Assert.Equal(0, host.StateOf(r).ExitCode));
        Assert.All(["store", "api", "web"], r => Assert.Contains("told to stop", host.OutputOf(r)));
    }

    [Fact]
    public async Task A_program_that_does_not_stop_is_killed_after_its_grace_period()
    {
        await using var host = new ActorHost();
        host.Options.StopGracePeriod = TimeSpan.FromMilliseconds(200);
        host.AddActor("program", "print=up", "stubborn");

        await host.StartAsync();
        await host.WaitForLineAsync("program", "up");
        await host.StopAsync();

        Assert.Equal(KnownResourceStates.Exited, host.StateOf("program").State?.Text);
        Assert.Equal(128 + 9, host.StateOf("program").ExitCode);
    }

    [Fact]
    public async Task Lost_patience_kills_at_once()
    {
        await using var host = new ActorHost();
        host.Options.StopGracePeriod = TimeSpan.FromMinutes(5);
        host.AddActor("program", "print=up", "stubborn");
        await host.StartAsync();
        await host.WaitForLineAsync("program", "up");
        using var patience = new CancellationTokenSource();

        var stop = host.Application.StopAsync(patience.Token);
        await host.WaitForLineAsync("program", "asked in vain");
        await patience.CancelAsync();
        // The host reports that it was hurried; what matters is that it is over.
        await stop.InTimeAsync().ContinueWith(_ => { }, TestDeadline.Token());

        Assert.Equal(128 + 9, host.StateOf("program").ExitCode);
    }

    [Fact]
    public async Task Disposing_a_running_application_stops_it()
    {
        await using var host = new ActorHost();
        host.AddActor("program", $"append={host.File("pid")}", "print=up", "run");
        await host.StartAsync();
        await host.WaitForLineAsync("program", "up");
        var id = int.Parse(await File.ReadAllTextAsync(host.File("pid"), TestDeadline.Token()), System.Globalization.CultureInfo.InvariantCulture);

        await host.Application.DisposeAsync();

        Assert.Throws<ArgumentException>(() => System.Diagnostics.Process.GetProcessById(id));
    }

    [Fact]
    public void The_graph_of_needs_has_no_circles()
    {
        using var builder = ModelBuilder.Run();
        var (a, b, c) = (builder.AddProgram("a").WithHttpEndpoint(), builder.AddProgram("b").WithHttpEndpoint(), builder.AddProgram("c").WithHttpEndpoint());
        a.WithEnvironment("B", b.GetEndpoint("http"));
        b.WithEnvironment("C", c.GetEndpoint("http"));
        c.WithEnvironment("A", a.GetEndpoint("http"));

        var dependents = DependencyGraph.Dependents([a.Resource, b.Resource, c.Resource]);

        Assert.Equal(["b"], dependents[c.Resource].Select(r => r.Name));
        Assert.Equal(["a"], dependents[b.Resource].Select(r => r.Name));
        Assert.Empty(dependents[a.Resource]);
    }

    [Fact]
    public void What_needs_a_part_needs_the_whole()
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddResource(new StoreResource("store"));
        var shelf = builder.AddResource(new ShelfResource("shelf", store.Resource));
        var program = builder.AddProgram("program").WithReference(shelf);

        var dependents = DependencyGraph.Dependents([program.Resource, store.Resource]);

        Assert.Equal(["program"], dependents[store.Resource].Select(r => r.Name));
        Assert.Same(store.Resource, DependencyGraph.OwnerOf(shelf.Resource));
    }
}
