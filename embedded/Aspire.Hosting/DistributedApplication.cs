using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>A distributed application: a model that can be run.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IEntryPointHooks? _hooks;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task? _start;
    private Task? _dispose;

    /// <summary>Creates an application.</summary>
    /// <param name="host">The host that has its services.</param>
    public DistributedApplication(IHost host) : this(host, hooks: null)
    {
    }

    internal DistributedApplication(IHost host, IEntryPointHooks? hooks)
    {
        _host = host ?? throw new ArgumentNullException(nameof(host));
        _hooks = hooks;
    }

    /// <summary>The application's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>The states of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>The commands of the resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Whether <see cref="StartAsync"/> has completed.</summary>
    internal bool IsStarted
    {
        get
        {
            lock (_lock)
            {
                return _start is { IsCompletedSuccessfully: true };
            }
        }
    }

    /// <summary>Whether <see cref="StartAsync"/> is under way.</summary>
    internal bool IsStarting
    {
        get
        {
            lock (_lock)
            {
                return _start is { IsCompleted: false };
            }
        }
    }

    /// <summary>Creates a builder.</summary>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    /// <summary>Creates a builder.</summary>
    /// <param name="args">The command line.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return new DistributedApplicationBuilder(args);
    }

    /// <summary>Creates a builder.</summary>
    /// <param name="options">Settings.</param>
    /// <returns>The builder.</returns>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <summary>Runs the application until it is told to stop, and stops it.</summary>
    /// <exception cref="DistributedApplicationException">The model cannot come up; everything that was started has been stopped.</exception>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the application until it is told to stop, and stops it.</summary>
    /// <param name="cancellationToken">Tells it to stop.</param>
    /// <returns>A task that completes when it has stopped.</returns>
    /// <exception cref="DistributedApplicationException">The model cannot come up; everything that was started has been stopped.</exception>
    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (IsEntryPointUnderTest)
        {
            await _hooks!.WaitUntilStartedAsync(this, cancellationToken);
            await WhenStoppedAsync(Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped, cancellationToken);
            return;
        }

        try
        {
            await ApplicationRun.RunAsync(this, cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>Starts the application.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when every resource that starts by itself has started or has failed to.</returns>
    public virtual Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsEntryPointUnderTest)
        {
            return _hooks!.WaitUntilStartedAsync(this, cancellationToken);
        }

        lock (_lock)
        {
            return _start ??= StartCoreAsync(cancellationToken);
        }
    }

    /// <summary>Stops the application: each resource before those it depends on.</summary>
    /// <param name="cancellationToken">Ends the patience: what still runs is killed.</param>
    /// <returns>A task that completes when everything has stopped.</returns>
    public virtual async Task StopAsync(CancellationToken cancellationToken = default)
    {
        // A start that still waits for something ends first: it would start the next resource while the others stop.
        await _stopping.CancelAsync();
        await _host.StopAsync(cancellationToken);
    }

    /// <summary>Stops the application if it runs, and frees what it holds.</summary>
    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the application if it runs, and frees what it holds.</summary>
    /// <returns>A task that completes when that is done.</returns>
    public virtual async ValueTask DisposeAsync()
    {
        Task dispose;
        lock (_lock)
        {
            dispose = _dispose ??= DisposeCoreAsync(_start);
        }

        await dispose;
        GC.SuppressFinalize(this);
    }

    Task IHost.StartAsync(CancellationToken cancellationToken) => StartAsync(cancellationToken);

    Task IHost.StopAsync(CancellationToken cancellationToken) => StopAsync(cancellationToken);

    /// <summary>Whether the caller is the <c>Main</c> that a test runs, in contrast to the test itself.</summary>
    private bool IsEntryPointUnderTest => _hooks is not null && ReferenceEquals(EntryPointHooks.Current, _hooks);

    private static async Task WhenStoppedAsync(CancellationToken stopped, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopped.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), completion);
        await completion.Task.WaitAsync(cancellationToken);
    }

    private async Task StartCoreAsync(CancellationToken callerToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(callerToken, _stopping.Token);
        var cancellationToken = linked.Token;
        var executionContext = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        if (executionContext.IsPublishMode)
        {
            throw new InvalidOperationException("The application is in publish mode: nothing is started. Run it without --operation publish to start it.");
        }

        // First of all: its watchdog starts, and what an earlier run left behind ends, while the rest gets ready.
        _ = Services.GetRequiredService<ProcessSupervisor>();

        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        foreach (var subscriber in Services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, executionContext, cancellationToken);
        }

        var model = Services.GetRequiredService<DistributedApplicationModel>();
        await eventing.PublishAsync(new BeforeStartEvent(Services, model), cancellationToken);
        await ((DistributedApplicationPipeline)Services.GetRequiredService<IDistributedApplicationPipeline>()).ExecuteAsync(
            WellKnownPipelineSteps.BeforeStart,
            new PipelineContext(model, executionContext, Services, Services.GetRequiredService<ILogger<DistributedApplication>>(), cancellationToken),
            new NullPublishingActivityReporter());
        await _host.StartAsync(cancellationToken);
    }

    private async Task DisposeCoreAsync(Task? start)
    {
        if (start is not null)
        {
            await _stopping.CancelAsync();
            // Whoever started it has seen whether that failed; here it only must not go on.
            await start.ContinueWith(static _ => { }, TaskScheduler.Default);
            using var patience = new CancellationTokenSource(Services.GetRequiredService<OrchestratorOptions>().ShutdownTimeout);
            await _host.StopAsync(patience.Token);
        }

        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            _host.Dispose();
        }

        _stopping.Dispose();
    }
}
