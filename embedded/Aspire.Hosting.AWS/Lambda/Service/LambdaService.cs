using System.Collections.Concurrent;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What Lambda does, for the functions of one app host: one per app host. It has functions while their resources run.</summary>
internal sealed class LambdaService : ILambdaInvoker, IAsyncDisposable
{
    private static readonly TimeSpan ListeningPatience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, LambdaFunction> _functions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ExecutionEnvironment> _environments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ExecutionEnvironment>.AlternateLookup<ReadOnlySpan<char>> _environmentLookup;
    private readonly Lock _lock = new();
    private int _disposed;
    private TaskCompletionSource<string> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LambdaService(IHostApplicationLifetime lifetime)
    {
        _environmentLookup = _environments.GetAlternateLookup<ReadOnlySpan<char>>();
        Deadlines = new DeadlineClock(EndOverdue);
        Events = new EventQueue(this, lifetime.ApplicationStopping);
    }

    /// <summary>Ends what takes too long.</summary>
    public DeadlineClock Deadlines { get; }

    /// <summary>The asynchronous invocations.</summary>
    public EventQueue Events { get; }

    public async ValueTask<InvokeResult> InvokeAsync(string functionName, InvokeRequest request, CancellationToken cancellationToken)
        => await InvokeAsync(functionName, request, tail: null, request.Payload.Length, cancellationToken).ConfigureAwait(false);

    /// <summary>Invokes a function.</summary>
    /// <param name="functionName">The function.</param>
    /// <param name="request">The event.</param>
    /// <param name="tail">Collects the log; null when nobody wants it.</param>
    /// <param name="size">The size of the event in bytes, of which the request has as many as were read.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task<InvokeResult> InvokeAsync(string functionName, InvokeRequest request, LogTail? tail, long size, CancellationToken cancellationToken)
    {
        if (Find(functionName) is not { } function)
        {
            request.Payload.Dispose();
            return Task.FromResult(Refused(InvokeStatus.FunctionNotFound, $"There is no function '{functionName}' that runs."));
        }

        if (size > function.Settings.MaxRequestBytes)
        {
            request.Payload.Dispose();
            return Task.FromResult(Refused(InvokeStatus.RequestTooLarge, FormattableString.Invariant($"{size} byte payload is too large for the RequestResponse invocation type (limit {function.Settings.MaxRequestBytes} bytes)")));
        }

        if (!_listening.Task.IsCompleted)
        {
            request.Payload.Dispose();
            return Task.FromResult(Refused(InvokeStatus.ServiceFailed, "The Lambda service emulator does not run. Start its resource."));
        }

        var invocation = new LambdaInvocation(request, function, tail);
        if (function.Submit(invocation) is { } refusal)
        {
            request.Payload.Dispose();
            invocation.Finish(refusal, payload: null, refusal == InvokeStatus.Throttled ? "Rate Exceeded." : $"The function '{functionName}' does not run.");
            return invocation.Task;
        }

        return cancellationToken.CanBeCanceled ? WaitAsync(invocation, cancellationToken) : invocation.Task;
    }

    /// <summary>The function of this name, while it runs.</summary>
    public LambdaFunction? Find(string name) => _functions.GetValueOrDefault(name);

    /// <summary>The environment of this id, while it is there.</summary>
    public ExecutionEnvironment? FindEnvironment(ReadOnlySpan<char> id) => _environmentLookup.TryGetValue(id, out var environment) ? environment : null;

    public void Add(LambdaFunction function) => _functions[function.Name] = function;

    public void Remove(LambdaFunction function) => _functions.TryRemove(new(function.Name, function));

    public void Add(ExecutionEnvironment environment) => _environments[environment.Id] = environment;

    public void Remove(ExecutionEnvironment environment) => _environments.TryRemove(environment.Id, out _);

    /// <summary>Host and port of the Runtime API, once there is one.</summary>
    /// <exception cref="DistributedApplicationException">There is none, since the emulator's resource does not run.</exception>
    public async Task<string> RuntimeApiAsync(CancellationToken cancellationToken)
    {
        Task<string> listening;
        lock (_lock)
        {
            listening = _listening.Task;
        }

        try
        {
            return await listening.WaitAsync(ListeningPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new DistributedApplicationException($"The Lambda service emulator has not started within {ListeningPatience.TotalSeconds:0} s. Start its resource first, and see its log.", exception);
        }
    }

    /// <summary>The Runtime API can be reached.</summary>
    public void OnListening(string address)
    {
        lock (_lock)
        {
            _listening.TrySetResult(address);
        }
    }

    /// <summary>The Runtime API is gone, and with it what depends on it.</summary>
    public async Task OnStoppedListeningAsync()
    {
        lock (_lock)
        {
            _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        await Task.WhenAll(_functions.Values.Select(f => f.EndEnvironmentsAsync())).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        // It is registered under two types, and the container disposes of each registration.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await Events.DisposeAsync().ConfigureAwait(false);
        await Deadlines.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<InvokeResult> WaitAsync(LambdaInvocation invocation, CancellationToken cancellationToken)
    {
        await using var leaving = cancellationToken.UnsafeRegister(static (state, token) => ((LambdaInvocation)state!).TrySetCanceled(token), invocation);
        return await invocation.Task.ConfigureAwait(false);
    }

    private static InvokeResult Refused(InvokeStatus status, string message) => new() { Status = status, RequestId = Guid.NewGuid().ToString(), Message = message };

    private long? EndOverdue(long now)
    {
        long? next = null;
        foreach (var (_, function) in _functions)
        {
            if (function.EndOverdue(now) is { } tick)
            {
                next = Math.Min(next ?? long.MaxValue, tick);
            }
        }

        return next;
    }
}
