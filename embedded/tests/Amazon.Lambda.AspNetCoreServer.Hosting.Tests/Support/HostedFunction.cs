using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>An ASP.NET Core application that runs as a function of a Runtime API of its own.</summary>
internal sealed class HostedFunction : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HostedFunction(WebApplication app, RuntimeApiServer runtime, LogLines log) => (_app, Runtime, Log) = (app, runtime, log);

    public RuntimeApiServer Runtime { get; }

    public LogLines Log { get; }

    public WebApplication App => _app;

    public static async Task<HostedFunction> StartAsync(
        Action<WebApplication> map, Action<HostingOptions>? configure = null, LambdaEventSource source = LambdaEventSource.HttpApi, Action<IServiceCollection>? services = null)
    {
        var runtime = await RuntimeApiServer.StartAsync();
        var log = new LogLines();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        ServiceCollectionExtensions.AddLambdaServer(builder.Services, source, configure, runtime.Address);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new HostedFunction(app, runtime, log);
    }

    public Task<InvocationResult> InvokeAsync(HttpApiEvent request, TimeSpan? timeout = null) => Runtime.InvokeAsync(request.ToString(), timeout);

    public Task<InvocationResult> InvokeAsync(string json) => Runtime.InvokeAsync(json);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Runtime.DisposeAsync();
    }
}
