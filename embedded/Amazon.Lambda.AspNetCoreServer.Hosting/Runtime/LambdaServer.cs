using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>The server of an application in Lambda: takes one invocation after the other from the Runtime API and has the application handle it.</summary>
internal sealed class LambdaServer(HostingOptions options, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<LambdaServer> logger) : IServer
{
    private readonly CancellationTokenSource _stopping = new();
    private RuntimeApiClient? _client;
    private Task _loop = Task.CompletedTask;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Starts to take invocations.</summary>
    /// <exception cref="InvalidOperationException">The Runtime API's address is missing.</exception>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _client = new RuntimeApiClient(options.RuntimeApi, logger);
        // Asking for the first invocation tells Lambda that the function has started: not before everything else has.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lifetime.ApplicationStarted.Register(started.SetResult);
        _loop = Task.Factory.StartNew(() => Run(application, started.Task), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>Takes no further invocation, and waits for the one at hand.</summary>
    /// <exception cref="RuntimeApiException">The server had stopped by itself: why.</exception>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _client?.Dispose();
    }

    // The loop has a thread of its own, which waits for the Runtime API as long as Lambda likes.
    private void Run<TContext>(IHttpApplication<TContext> application, Task started)
        where TContext : notnull
    {
        try
        {
            started.Wait(_stopping.Token);
            InitializationError.Over();
            using var loop = new InvocationLoop<TContext>(_client!, application, options, services.GetService<ILambdaSerializer>(), logger);
            loop.Run(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped while waiting for an invocation.
        }
        catch
        {
            // A server that serves nobody must not keep the process alive; StopAsync throws what has happened here.
            lifetime.StopApplication();
            throw;
        }
    }
}
