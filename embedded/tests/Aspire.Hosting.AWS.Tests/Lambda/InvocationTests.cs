using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: the invoke phase.</summary>
public class InvocationTests
{
    [Fact]
    public async Task An_event_is_returned_by_the_function()
    {
        await using var host = await FunctionHost.StartAsync();

        var outcome = await host.InvokeAsync("""{"hello":"world"}""");

        Assert.Equal((InvokeStatus.Succeeded, """{"hello":"world"}"""), (outcome.Status, outcome.Payload));
    }

    [Fact]
    public async Task Thirty_at_once_with_a_concurrency_of_ten_are_served_or_throttled_by_no_more_than_two_environments()
    {
        await using var host = await FunctionHost.StartAsync(("Concurrency", "10"), ("MaxEnvironments", "2"));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => host.DoAsync("sleep", 100))).InTimeAsync();

        Assert.Equal(10, outcomes.Count(o => o.Status == InvokeStatus.Succeeded));
        Assert.Equal(20, outcomes.Count(o => o.Status == InvokeStatus.Throttled));
        Assert.DoesNotContain(await host.LogAsync(), line => line.Contains(" [3] ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("exit", 139, "Runtime exited with error: exit status 139")]
    [InlineData("exit", 1, "Runtime exited with error: exit status 1")]
    [InlineData("exit", 0, "Runtime exited without providing a reason")]
    [InlineData("signal", 9, "Runtime exited with error: signal: killed")]
    public async Task A_crash_fails_its_invocation_and_the_next_has_a_new_environment(string act, int value, string message)
    {
        await using var host = await FunctionHost.StartAsync();
        var first = await host.DoAsync("pid");

        var crashed = await host.DoAsync(act, value);
        var second = await host.DoAsync("pid");

        Assert.Equal(InvokeStatus.FunctionError, crashed.Status);
        Assert.Equal($$"""{"errorType":"Runtime.ExitError","errorMessage":"RequestId: {{crashed.RequestId}} Error: {{message}}"}""", crashed.Payload);
        Assert.Equal(InvokeStatus.Succeeded, second.Status);
        Assert.NotEqual(first.Payload, second.Payload);
    }

    [Fact]
    public async Task An_invocation_over_its_timeout_fails_and_its_environment_is_ended()
    {
        await using var host = await FunctionHost.StartAsync(("Timeout", "00:00:01"));
        var first = await host.DoAsync("pid");

        var late = await host.DoAsync("sleep", 60_000);
        var second = await host.DoAsync("pid");

        Assert.Equal(
            (InvokeStatus.FunctionError, $$"""{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: {{late.RequestId}} Error: Task timed out after 1.00 seconds"}"""),
            (late.Status, late.Payload));
        Assert.EndsWith($"{late.RequestId} Task timed out after 1.00 seconds", await host.WaitForLineAsync("Task timed out"), StringComparison.Ordinal);
        Assert.Contains("Status: timeout", await host.WaitForLineAsync($"REPORT RequestId: {late.RequestId}"), StringComparison.Ordinal);
        Assert.NotEqual(first.Payload, second.Payload);
    }
}
