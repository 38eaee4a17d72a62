using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>How the function starts and ends, seen from Lambda. It needs no package for that: these run the API as it was built.</summary>
public sealed class FunctionStartTests
{
    [Fact]
    public async Task A_function_that_cannot_read_its_secrets_tells_lambda_why_and_ends()
    {
        await using var store = await ParameterStore.StartAsync();
        await using var runtime = await RuntimeApiServer.StartAsync();
        store.Errors.Enqueue((400, "AccessDeniedException"));
        var environment = store.Environment();
        environment["Secrets__JwtSigningKey"] = ParameterStore.Arn("jwt");

        await using var function = FunctionProcess.StartBuilt(runtime, environment);
        Assert.Equal(1, await function.ExitedAsync().WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken));

        Assert.True(runtime.InitializationError.IsCompletedSuccessfully, function.Output);
        var error = await runtime.InitializationError;
        Assert.Equal("ConfigurationException", error.ErrorType);
        Assert.Contains("Secrets:JwtSigningKey (secret 'jwt') cannot be read", error.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("secretsmanager:GetSecretValue", function.Output, StringComparison.Ordinal);
        Assert.False(runtime.Started.IsCompleted);
    }

    [Fact]
    public async Task An_exception_that_the_api_does_not_expect_is_told_as_well()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, new()
        {
            ["Jwt__SigningKey"] = new string('k', 40),
            ["ConnectionStrings__school"] = "mongodb://127.0.0.1:1/school",
            ["Logging__LogLevel__Default"] = "Loud",
        });
        Assert.NotEqual(0, await function.ExitedAsync().WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken));

        Assert.True(runtime.InitializationError.IsCompletedSuccessfully, function.Output);
        var error = await runtime.InitializationError;
        Assert.Equal("InvalidOperationException", error.ErrorType);
        Assert.Contains("Loud", error.Json["errorMessage"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(error.Json["stackTrace"]!.AsArray());
    }

    [Fact]
    public async Task Without_its_database_it_answers_what_needs_none_and_ends_when_it_is_told_to()
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, new() { ["Jwt__SigningKey"] = new string('k', 40), ["ConnectionStrings__school"] = "mongodb://127.0.0.1:1/school" });
        await function.StartedAsync(runtime);

        Assert.Equal(200, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/").ToString())).Status);
        Assert.Equal(503, (await runtime.InvokeAsync(new HttpApiEvent("GET", "/health").ToString())).Status);
        if (!OperatingSystem.IsWindows())
        {
            function.Terminate();
            Assert.Equal(0, await function.ExitedAsync().WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken));
        }
    }
}
