using System.Text.Json;
using Amazon.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html</summary>
public class FunctionLogTests
{
    [Fact]
    public async Task An_invocation_has_its_three_lines_and_the_first_one_the_cold_start()
    {
        await using var host = await FunctionHost.StartAsync();
        var first = await host.InvokeAsync("{}");
        var second = await host.InvokeAsync("{}");

        Assert.EndsWith($" [1] START RequestId: {first.RequestId} Version: $LATEST", await host.WaitForLineAsync($"START RequestId: {first.RequestId}"), StringComparison.Ordinal);
        Assert.EndsWith($" [1] END RequestId: {first.RequestId}", await host.WaitForLineAsync($"END RequestId: {first.RequestId}"), StringComparison.Ordinal);
        const string Report = "\tDuration: [0-9]+\\.[0-9]{2} ms\tBilled Duration: [1-9][0-9]* ms\tMemory Size: 512 MB\tMax Memory Used: [1-9][0-9]* MB\t";
        Assert.Matches($"REPORT RequestId: {first.RequestId}{Report}Init Duration: [0-9]+\\.[0-9]{{2}} ms\t$", await host.WaitForLineAsync($"REPORT RequestId: {first.RequestId}"));
        Assert.Matches($"REPORT RequestId: {second.RequestId}{Report}$", await host.WaitForLineAsync($"REPORT RequestId: {second.RequestId}"));
    }

    [Fact]
    public async Task A_function_whose_log_is_JSON_has_records()
    {
        await using var host = new FunctionHost();
        host.Options.LogFormat = LogFormat.JSON;
        await host.StartAsync();
        var outcome = await host.InvokeAsync("{}");

        var line = await host.WaitForLineAsync("platform.report");
        using var json = JsonDocument.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..]);
        var record = json.RootElement.GetProperty("record");
        Assert.Equal((outcome.RequestId, "success"), (record.GetProperty("requestId").GetString(), record.GetProperty("status").GetString()));
        Assert.Equal(512, record.GetProperty("metrics").GetProperty("memorySizeMB").GetInt32());
        Assert.True(record.GetProperty("metrics").TryGetProperty("initDurationMs", out _));
    }

    [Fact]
    public async Task A_crash_is_named_in_the_log()
    {
        await using var host = await FunctionHost.StartAsync();
        var outcome = await host.DoAsync("exit", 139);

        await host.WaitForLineAsync($"RequestId: {outcome.RequestId} Error: Runtime exited with error: exit status 139");
        Assert.EndsWith("Status: error\tError Type: Runtime.ExitError", await host.WaitForLineAsync($"REPORT RequestId: {outcome.RequestId}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_of_an_environment_is_in_the_log()
    {
        await using var host = await FunctionHost.StartAsync();
        var pid = (await host.DoAsync("pid")).Payload;

        await host.WaitForLineAsync($"[1] Execution environment 1 starts in process {pid}.");
    }

    [Theory]
    [InlineData(139, 11, "Runtime exited with error: signal: segmentation fault")]
    [InlineData(134, 6, "Runtime exited with error: signal: aborted")]
    [InlineData(137, 9, "Runtime exited with error: signal: killed")]
    [InlineData(143, 15, "Runtime exited with error: signal: terminated")]
    [InlineData(139, null, "Runtime exited with error: exit status 139")]
    [InlineData(0, null, "Runtime exited without providing a reason")]
    public void How_a_process_ended_is_said_in_the_words_of_Lambda(int code, int? signal, string message)
        => Assert.Equal(message, InvocationError.Exited(new ProcessExit(code, signal)).Message);
}
