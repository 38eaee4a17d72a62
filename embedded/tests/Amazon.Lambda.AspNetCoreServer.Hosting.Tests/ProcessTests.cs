using System.Diagnostics;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests;

/// <summary>
/// A function as a process of its own, as Lambda starts it: what its end tells
/// (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-initerror).
/// </summary>
public sealed class ProcessTests
{
    [Theory]
    [InlineData("configuring", "InvalidOperationException", "it fails while it is configured")]
    [InlineData("resolving", "InvalidOperationException", "Unable to resolve service for type 'System.IComparable'")]
    [InlineData("starting", "TimeoutException", "it fails while it starts")]
    public async Task A_function_that_cannot_start_tells_lambda_why_and_ends(string fails, string type, string reason)
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        using var function = Start(runtime.Address, fails);
        try
        {
            await function.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, function.ExitCode);
            Assert.True(runtime.InitializationError.IsCompletedSuccessfully);
            var error = await runtime.InitializationError;
            Assert.Equal((type, type), (error.ErrorType, error.Json["errorType"]!.GetValue<string>()));
            Assert.Contains(reason, error.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.NotEmpty(error.Json["stackTrace"]!.AsArray());
            Assert.False(runtime.Started.IsCompleted);
        }
        finally
        {
            await EndAsync(function);
        }
    }

    [Fact]
    public async Task A_function_that_cannot_start_ends_also_without_a_runtime_api()
    {
        using var function = Start("127.0.0.1:1", "starting");
        try
        {
            await function.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, function.ExitCode);
        }
        finally
        {
            await EndAsync(function);
        }
    }

    [Fact]
    public async Task A_function_whose_environment_is_over_ends_with_an_error()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        using var function = Start(runtime.Address, "");
        try
        {
            // The function waits for an event already: the answer to it meets the trouble.
            await runtime.Started.WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
            runtime.Troubles.Enqueue(500);
            var abandoned = runtime.InvokeAsync(new HttpApiEvent("GET", "/").ToString());
            await function.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken);
            Assert.False(abandoned.IsCompleted);
            Assert.NotEqual(0, function.ExitCode);
            Assert.False(runtime.InitializationError.IsCompleted);
        }
        finally
        {
            await EndAsync(function);
        }
    }

    private static Process Start(string runtimeApi, string fails)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Function.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AWS_LAMBDA_FUNCTION_NAME"] = "function";
        start.Environment["AWS_LAMBDA_RUNTIME_API"] = runtimeApi;
        start.Environment["FAILS"] = fails;
        var function = new Process { StartInfo = start };
        // Read, so that a full pipe does not hold it up.
        function.OutputDataReceived += (_, _) => { };
        function.ErrorDataReceived += (_, _) => { };
        function.Start();
        function.BeginOutputReadLine();
        function.BeginErrorReadLine();
        return function;
    }

    private static async Task EndAsync(Process function)
    {
        if (!function.HasExited)
        {
            function.Kill(entireProcessTree: true);
            await function.WaitForExitAsync(CancellationToken.None).WaitAsync(RuntimeApiServer.Patience, CancellationToken.None);
        }
    }
}
