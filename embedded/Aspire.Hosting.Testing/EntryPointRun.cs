using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What somebody wants to be told while an app host's <c>Main</c> runs.</summary>
internal sealed class EntryPointCallbacks
{
    public Action<DistributedApplicationOptions, HostApplicationBuilderSettings> Creating { get; init; } = (_, _) => { };

    public Action<DistributedApplicationBuilder> Created { get; init; } = _ => { };

    public Action<DistributedApplicationBuilder> Building { get; init; } = _ => { };

    public Action<DistributedApplication> Built { get; init; } = _ => { };
}

/// <summary>
/// Runs the <c>Main</c> of an app host on a thread of its own and stops it at two places: before it builds its application, until the
/// test wants that, and where it starts it, until the test has.
/// </summary>
internal sealed class EntryPointRun(Type entryPoint, string[] args, EntryPointCallbacks callbacks) : IEntryPointHooks, IAsyncDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _buildWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _disposing = new();
    private int _begun;

    /// <summary>The application, once it is built.</summary>
    public DistributedApplication? Application => _application.Task.IsCompletedSuccessfully ? _application.Task.Result : null;

    /// <summary>Starts <c>Main</c>.</summary>
    /// <returns>The builder, when the model is described.</returns>
    public Task<DistributedApplicationBuilder> StartAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            var main = entryPoint.Assembly.EntryPoint
                ?? throw new InvalidOperationException($"The assembly of '{entryPoint}' has no entry point: name a type of an app host's assembly.");

            // Main may be synchronous and stays in the middle of itself for as long as the test lasts.
            new Thread(() => RunMain(main)) { IsBackground = true, Name = $"Main of {entryPoint.Assembly.GetName().Name}" }.Start();
        }

        return _builder.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets <c>Main</c> build its application.</summary>
    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
        _buildWanted.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Starts the application, and lets <c>Main</c> go on.</summary>
    public async Task StartApplicationAsync(CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        var application = await BuildAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested)
        {
            return;
        }

        await _disposing.CancelAsync();
        if (Application is { } application)
        {
            await application.DisposeAsync();
        }

        if (_begun != 0)
        {
            // Its Main returns by itself now. One that does not is the app host's business; its thread does not keep the process.
            await Task.WhenAny(_ended.Task, Task.Delay(EndTimeout));
        }
    }

    void IEntryPointHooks.OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
        => TestDefaults.Apply(options, settings, args, entryPoint.Assembly, callbacks.Creating);

    void IEntryPointHooks.OnCreated(DistributedApplicationBuilder builder) => callbacks.Created(builder);

    void IEntryPointHooks.OnBuilding(DistributedApplicationBuilder builder)
    {
        callbacks.Building(builder);
        _builder.TrySetResult(builder);
        try
        {
            _buildWanted.Task.WaitAsync(_disposing.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            throw new EntryPointAbandonedException();
        }
    }

    void IEntryPointHooks.OnBuilt(DistributedApplication application)
    {
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => _started.TrySetResult());
        callbacks.Built(application);
        _application.TrySetResult(application);
    }

    async Task IEntryPointHooks.WaitUntilStartedAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposing.Token);
        try
        {
            await _started.Task.WaitAsync(ending.Token);
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested)
        {
            throw new EntryPointAbandonedException();
        }
    }

    private void RunMain(MethodInfo main)
    {
        EntryPointHooks.Current = this;
        Exception? failure = null;
        try
        {
            object?[] parameters = main.GetParameters().Length == 0 ? [] : [args];
            if (main.Invoke(null, parameters) is Task task)
            {
                task.GetAwaiter().GetResult();
            }

            failure = _builder.Task.IsCompleted
                ? new InvalidOperationException($"The entry point of '{entryPoint.Assembly.GetName().Name}' ended without building its application.")
                : new InvalidOperationException($"The entry point of '{entryPoint.Assembly.GetName().Name}' ended without creating a distributed application builder and building it.");
        }
        catch (Exception exception)
        {
            failure = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        }
        finally
        {
            // Of no effect on what has completed; else the test hears why there is nothing more to come.
            Fail(_builder, failure!);
            Fail(_application, failure!);
            _started.TrySetException(failure!);
            _ = _started.Task.Exception;
            _ended.TrySetResult();
        }
    }

    private static void Fail<T>(TaskCompletionSource<T> completion, Exception failure)
    {
        if (completion.TrySetException(failure))
        {
            // Nobody may ask any more; that is not an unobserved failure.
            _ = completion.Task.Exception;
        }
    }

    /// <summary>Leads a <c>Main</c> out of where it waits when the test is over.</summary>
    private sealed class EntryPointAbandonedException() : Exception("The test has ended without building or starting this application.");
}
