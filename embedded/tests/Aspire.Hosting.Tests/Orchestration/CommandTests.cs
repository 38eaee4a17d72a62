using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

public class CommandTests
{
    [Fact]
    public async Task A_program_can_be_stopped_started_and_restarted()
    {
        await using var host = new ActorHost();
        var ids = host.File("ids");
        host.AddActor("program", $"append={ids}", "print=up", "run");
        await host.StartAsync();
        Assert.Equal([("start", ResourceCommandState.Hidden), ("stop", ResourceCommandState.Enabled), ("restart", ResourceCommandState.Enabled)], Commands(host));

        Assert.True((await host.CommandAsync("program", "stop")).Success);
        Assert.Equal(KnownResourceStates.Exited, host.StateOf("program").State?.Text);
        Assert.Equal([("start", ResourceCommandState.Enabled), ("stop", ResourceCommandState.Hidden), ("restart", ResourceCommandState.Hidden)], Commands(host));

        Assert.True((await host.CommandAsync("program", "start")).Success);
        Assert.Equal(KnownResourceStates.Running, host.StateOf("program").State?.Text);
        Assert.True((await host.CommandAsync("program", "restart")).Success);
        Assert.Equal(KnownResourceStates.Running, host.StateOf("program").State?.Text);

        Assert.Equal(
            ["NotStarted", "Starting", "Running", "Stopping", "Exited", "Starting", "Running", "Stopping", "Exited", "Starting", "Running"],
            await host.StatesOfAsync("program"));
    }

    [Fact]
    public async Task A_failed_start_is_a_failed_command()
    {
        await using var host = new ActorHost();
        host.Builder.AddExecutable("program", "no-such-program-really", ".").WithExplicitStart();
        await host.StartAsync();

        var result = await host.CommandAsync("program", "start");

        Assert.False(result.Success);
        Assert.Contains("no-such-program-really", result.Message);
    }

    [Fact]
    public async Task Commands_of_the_model_run_and_may_fail()
    {
        await using var host = new ActorHost();
        string? ranFor = null;
        host.AddActor("program", "run")
            .WithCommand("greet", "Greet", context =>
            {
                ranFor = context.ResourceName;
                return Task.FromResult(CommandResults.Success("greeted", "{}", CommandResultFormat.Json));
            }, new CommandOptions { Description = "Greets.", IsHighlighted = true, ConfirmationMessage = "Sure?", UpdateState = c => c.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled })
            .WithCommand("fail", "Fail", _ => throw new InvalidOperationException("cannot"));
        await host.StartAsync();

        var greeted = await host.CommandAsync("PROGRAM", "greet");
        var failed = await host.CommandAsync("program", "fail");

        Assert.Equal((true, "greeted", "{}", CommandResultFormat.Json), (greeted.Success, greeted.Message, greeted.Data?.Value, greeted.Data?.Format));
        Assert.Equal("program", ranFor);
        Assert.Equal((false, "cannot"), (failed.Success, failed.Message));
        var snapshot = host.StateOf("program").Commands.Single(c => c.Name == "greet");
        Assert.Equal(("Greet", "Greets.", "Sure?", true, ResourceCommandState.Enabled), (snapshot.DisplayName, snapshot.DisplayDescription, snapshot.ConfirmationMessage, snapshot.IsHighlighted, snapshot.State));
    }

    [Theory]
    [InlineData("nobody", "start", "'nobody'")]
    [InlineData("program", "dance", "'dance'")]
    public async Task An_unknown_command_is_a_failure_that_names_it(string resource, string command, string named)
    {
        await using var host = new ActorHost();
        host.AddActor("program", "run").WithExplicitStart();
        await host.StartAsync();

        var result = await host.CommandAsync(resource, command);

        Assert.False(result.Success);
        Assert.Contains(named, result.Message);
    }

    [Fact]
    public async Task A_command_that_is_given_up_is_cancelled()
    {
        await using var host = new ActorHost();
        host.AddActor("program", "run").WithExplicitStart().WithCommand("wait", "Wait", async context =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return CommandResults.Success();
        });
        await host.StartAsync();
        using var patience = new CancellationTokenSource();

        var running = host.Application.ResourceCommands.ExecuteCommandAsync("program", "wait", patience.Token);
        await patience.CancelAsync();
        var result = await running.InTimeAsync();

        Assert.True(result.Canceled);
        Assert.False(result.Success);
    }

    private static (string, ResourceCommandState)[] Commands(ActorHost host) => [.. host.StateOf("program").Commands.Select(c => (c.Name, c.State))];
}
