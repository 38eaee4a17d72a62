using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda.Service;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.AWS.Tests.Lambda;

/// <summary>https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html: init, freeze and shutdown.</summary>
public class EnvironmentTests
{
    [Theory]
    [InlineData("exit 7", "it ended with exit code 7 before it asked for its first event", "Status: error\tError Type: Runtime.ExitError")]
    [InlineData("error", """it reported {"errorType":"InvalidOperationException","errorMessage":"cannot start"}""", "Status: error")]
    public async Task A_function_that_does_not_start_is_a_resource_that_failed_to_start(string init, string reason, string report)
    {
        await using var host = new FunctionHost();
        host.Function.WithEnvironment("INIT", init);

        await host.BeginAsync();
        await host.WaitForStateAsync(KnownResourceStates.FailedToStart);

        Assert.Contains(await host.LogAsync(), line => line.Contains(reason, StringComparison.Ordinal));
        Assert.Contains(report, await host.WaitForLineAsync("INIT_REPORT Init Duration: "), StringComparison.Ordinal);
        Assert.Equal(InvokeStatus.FunctionNotFound, (await host.InvokeAsync("{}")).Status);
    }

    [Fact]
    public async Task A_function_that_takes_too_long_to_start_is_active_and_starts_with_an_event()
    {
        await using var host = new FunctionHost(("InitTimeout", "00:00:01"));
        host.Function.WithEnvironment("INIT", "sleep 60000").WithEnvironment("INIT_ONCE", host.File("started"));

        await host.StartAsync();

        Assert.Contains("Status: timeout", await host.WaitForLineAsync("INIT_REPORT Init Duration: "), StringComparison.Ordinal);
        Assert.Equal(InvokeStatus.Succeeded, (await host.InvokeAsync("{}")).Status);
    }

    [Theory]
    [InlineData("exit 7", """{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ID Error: Runtime exited with error: exit status 7"}""")]
    [InlineData("error", """{"errorType":"InvalidOperationException","errorMessage":"cannot start"}""")]
    [InlineData("sleep 60000", """{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: ID Error: Task timed out after 1.00 seconds"}""")]
    public async Task Starting_fails_the_invocation_only_when_it_fails_twice(string init, string payload)
    {
        await using var host = new FunctionHost(("InitTimeout", "00:00:00.5"), ("Timeout", "00:00:01"), ("Prewarmed", "0"));
        host.Function.WithEnvironment("INIT", init);
        await host.StartAsync();

        var outcome = await host.InvokeAsync("{}");

        Assert.Equal((InvokeStatus.FunctionError, payload.Replace("ID", outcome.RequestId, StringComparison.Ordinal)), (outcome.Status, outcome.Payload));
        Assert.Contains("Phase: init", await host.WaitForLineAsync("INIT_REPORT"), StringComparison.Ordinal);
        Assert.Contains("Phase: invoke", await host.WaitForLineAsync("INIT_REPORT", times: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_fails_once_is_repeated_for_the_invocation()
    {
        await using var host = new FunctionHost(("Prewarmed", "0"));
        host.Function.WithEnvironment("INIT", "exit 7").WithEnvironment("INIT_ONCE", host.File("started"));
        await host.StartAsync();

        Assert.Equal((InvokeStatus.Succeeded, "{}"), ((await host.InvokeAsync("{}")).Status, (await host.InvokeAsync("{}")).Payload));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Background_work_stalls_between_invocations_of_a_function_that_is_frozen(bool freeze)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        await using var host = await FunctionHost.StartAsync(("Freeze", freeze ? "true" : "false"));
        await host.DoAsync("count");
        var pid = (await host.DoAsync("pid")).Payload;

        if (freeze)
        {
            await host.WaitUntilAsync(() => StateOf(pid) == 'T');
        }
        else
        {
            // Nothing but the passing of time shows that it is not stopped.
            await host.WaitUntilAsync(async () => int.Parse((await host.DoAsync("count")).Payload, CultureInfo.InvariantCulture) > 20);
            Assert.NotEqual('T', StateOf(pid));
        }
    }

    [Fact]
    public async Task Who_waits_for_an_environment_that_stays_busy_after_its_response_gets_another()
    {
        await using var host = await FunctionHost.StartAsync(("Timeout", "00:05:00"));
        var pid = (await host.DoAsync("pid")).Payload;
        await host.DoAsync("after-sleep", 120_000);

        Assert.NotEqual(pid, (await host.DoAsync("pid")).Payload);
    }

    [Fact]
    public async Task A_frozen_environment_goes_on_with_the_next_event()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        await using var host = await FunctionHost.StartAsync(("MaxEnvironments", "1"));
        var pid = (await host.DoAsync("pid")).Payload;
        await host.WaitUntilAsync(() => StateOf(pid) == 'T');

        for (var count = 0; count < 20; count++)
        {
            Assert.Equal(pid, (await host.DoAsync("pid")).Payload);
        }
    }

    [Fact]
    public async Task An_idle_environment_is_ended_and_the_function_goes_on()
    {
        await using var host = await FunctionHost.StartAsync(("IdleTimeout", "00:00:00.2"));
        var pid = (await host.DoAsync("pid")).Payload;
        await host.WaitUntilAsync(() => !IsRunning(pid));

        Assert.Equal(KnownResourceStates.Running, host.State.State?.Text);
        Assert.NotEqual(pid, (await host.DoAsync("pid")).Payload);
    }

    [Fact]
    public async Task An_environment_that_is_killed_from_outside_is_replaced()
    {
        await using var host = await FunctionHost.StartAsync();
        var pid = (await host.DoAsync("pid")).Payload;
        using (var process = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture)))
        {
            process.Kill();
        }

        await host.WaitUntilAsync(() => !IsRunning(pid));
        await host.WaitUntilAsync(() => host.Property(EnvironmentDisplay.Count) == "0");

        Assert.Equal(KnownResourceStates.Running, host.State.State?.Text);
        Assert.Equal(InvokeStatus.Succeeded, (await host.DoAsync("pid")).Status);
    }

    [Theory]
    [InlineData("after-exit", 3)]
    [InlineData("after-sleep", 60_000)]
    public async Task What_happens_after_the_response_does_not_change_it(string act, int value)
    {
        await using var host = await FunctionHost.StartAsync(("Timeout", "00:00:01"), ("MaxEnvironments", "1"));

        Assert.Equal(InvokeStatus.Succeeded, (await host.DoAsync(act, value)).Status);
        Assert.Equal(InvokeStatus.Succeeded, (await host.DoAsync("pid")).Status);
    }

    [Theory]
    [InlineData("twice", "first 202, second 403")]
    public async Task A_second_response_of_an_environment_is_refused(string act, string line)
    {
        await using var host = await FunctionHost.StartAsync();

        Assert.Equal("1", (await host.DoAsync(act)).Payload);
        await host.WaitForLineAsync(line);
    }

    [Theory]
    [InlineData("wrong-id", "400")]
    [InlineData("next", "403")]
    [InlineData("chunked", "\"in chunks\"")]
    public async Task An_environment_is_told_what_it_does_wrong(string act, string payload)
    {
        await using var host = await FunctionHost.StartAsync();

        Assert.Equal(payload, (await host.DoAsync(act)).Payload);
    }

    [Fact]
    public async Task An_environment_has_the_variables_of_Lambda()
    {
        await using var host = new FunctionHost();
        host.Function.WithReference(host.Builder.AddAWSSDKConfig().WithRegion("eu-west-1"));
        await host.StartAsync();

        foreach (var (name, value) in ((string, string)[])
        [
            ("AWS_LAMBDA_FUNCTION_NAME", "function"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/function"),
            ("AWS_LAMBDA_LOG_FORMAT", "Text"),
            ("AWS_LAMBDA_LOG_LEVEL", "INFO"),
            ("_HANDLER", "RuntimeFunction"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_DEFAULT_REGION", "eu-west-1"),
        ])
        {
            Assert.Equal((name, $"\"{value}\""), (name, (await host.DoAsync("env", name)).Payload));
        }
    }

    [Fact]
    public async Task Each_environment_has_an_address_and_a_log_stream_of_its_own()
    {
        await using var host = await FunctionHost.StartAsync();
        var stream = (await host.DoAsync("env", "AWS_LAMBDA_LOG_STREAM_NAME")).Payload;
        var address = (await host.DoAsync("env", "AWS_LAMBDA_RUNTIME_API")).Payload;

        Assert.Matches("^\"[0-9]{4}/[0-9]{2}/[0-9]{2}/\\[\\$LATEST\\][0-9a-f]{32}\"$", stream);
        Assert.Equal($"\"127.0.0.1:{host.Client.BaseAddress!.Port}/function/{stream[^33..^1]}\"", address);
        Assert.Equal($"\"{AppContext.BaseDirectory.TrimEnd('/')}\"", (await host.DoAsync("env", "LAMBDA_TASK_ROOT")).Payload);
    }

    [Fact]
    public async Task A_response_of_6_MB_and_100_bytes_is_taken_and_one_more_is_not()
    {
        await using var host = await FunctionHost.StartAsync();

        Assert.Equal(6_291_556, (await host.DoAsync("big", 6_291_556)).Payload.Length);
        Assert.Equal(
            """{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size (6291557 bytes) exceeded maximum allowed payload size (6291556 bytes)."}""",
            (await host.DoAsync("big", 6_291_557)).Payload);
        Assert.Equal(InvokeStatus.Succeeded, (await host.DoAsync("pid")).Status);
    }

    [Fact]
    public async Task Nothing_is_left_of_a_function_when_the_app_host_stops()
    {
        await using var host = await FunctionHost.StartAsync(("MaxEnvironments", "3"), ("Prewarmed", "3"));
        var pids = host.Property(EnvironmentDisplay.Processes);
        await host.WaitUntilAsync(() => host.Property(EnvironmentDisplay.Processes)?.Split(", ").Count(p => p.EndsWith("(started)", StringComparison.Ordinal)) == 3);
        pids = host.Property(EnvironmentDisplay.Processes);

        await host.Application.StopAsync(TestDeadline.Token()).InTimeAsync();

        Assert.All(pids!.Split(", "), p => Assert.False(IsRunning(p.Split(' ')[1])));
    }

    [Fact]
    public async Task A_stopped_function_is_not_found_and_one_that_is_started_again_is()
    {
        await using var host = await FunctionHost.StartAsync();
        var running = host.DoAsync("sleep", 60_000);
        await host.WaitForLineAsync("START RequestId");

        Assert.True((await host.CommandAsync(KnownResourceCommands.StopCommand)).Success);
        Assert.Equal(InvokeStatus.FunctionError, (await running.InTimeAsync()).Status);
        Assert.Equal(InvokeStatus.FunctionNotFound, (await host.InvokeAsync("{}")).Status);

        Assert.True((await host.CommandAsync(KnownResourceCommands.StartCommand)).Success);
        Assert.Equal(InvokeStatus.Succeeded, (await host.InvokeAsync("{}")).Status);
        Assert.True((await host.CommandAsync(KnownResourceCommands.RestartCommand)).Success);
        Assert.Equal(InvokeStatus.Succeeded, (await host.InvokeAsync("{}")).Status);
    }

    [Fact]
    public async Task A_function_survives_a_restart_of_the_emulator()
    {
        await using var host = await FunctionHost.StartAsync();

        Assert.True((await host.CommandAsync(KnownResourceCommands.StopCommand, LambdaEmulatorResource.DefaultName)).Success);
        Assert.Equal(InvokeStatus.ServiceFailed, (await host.InvokeAsync("{}")).Status);
        Assert.True((await host.CommandAsync(KnownResourceCommands.StartCommand, LambdaEmulatorResource.DefaultName)).Success);
        Assert.Equal(InvokeStatus.Succeeded, (await host.InvokeAsync("{}")).Status);
    }

    [Fact]
    public async Task A_function_that_is_debugged_has_no_deadline_and_is_not_frozen()
    {
        await using var host = await FunctionHost.StartAsync(("Timeout", "00:00:00.5"));
        Assert.True((await host.CommandAsync(LambdaRun.DebugCommand)).Success);
        var pid = (await host.DoAsync("pid")).Payload;

        Assert.Equal(InvokeStatus.Succeeded, (await host.DoAsync("sleep", 1500)).Status);
        Assert.Equal(pid, (await host.DoAsync("pid")).Payload);
        Assert.NotEqual('T', StateOf(pid));

        Assert.True((await host.CommandAsync(LambdaRun.DebugCommand)).Success);
        Assert.Equal(InvokeStatus.FunctionError, (await host.DoAsync("sleep", 60_000)).Status);
    }

    private static bool IsRunning(string pid) => OperatingSystem.IsLinux() ? StateOf(pid) is not ('-' or 'Z') : Process.GetProcesses().Any(p => p.Id == int.Parse(pid, CultureInfo.InvariantCulture));

    /// <summary>The state letter of proc(5); - when there is no such process.</summary>
    private static char StateOf(string pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[text.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return '-';
        }
    }
}
