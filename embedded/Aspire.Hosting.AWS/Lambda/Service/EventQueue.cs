using System.Collections.Concurrent;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// Asynchronous invocations (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html): an event is accepted, then tried, and tried again
/// when the function fails. Events that wait when the app host stops are lost.
/// </summary>
internal sealed class EventQueue(LambdaService service, CancellationToken stopping) : IAsyncDisposable
{
    private static readonly TimeSpan FirstThrottlePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestThrottlePause = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Task, bool> _events = new();
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(stopping);
    private int _count;

    /// <summary>Takes an event.</summary>
    /// <param name="function">The function.</param>
    /// <param name="request">The event, which is the queue's when it is taken.</param>
    /// <returns>False when there are too many.</returns>
    public bool TryAdd(LambdaFunction function, InvokeRequest request)
    {
        if (Interlocked.Increment(ref _count) > function.Settings.MaxQueuedEvents)
        {
            Interlocked.Decrement(ref _count);
            return false;
        }

        var running = Task.Run(() => RunAsync(function, request));
        _events[running] = true;
        running.ContinueWith(ended => _events.TryRemove(ended, out _), TaskScheduler.Default);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_events.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(LambdaFunction function, InvokeRequest request)
    {
        var settings = function.Settings;
        using var payload = request.Payload;
        var accepted = TimeProvider.System.GetTimestamp();
        var throttlePause = FirstThrottlePause;
        try
        {
            for (var failures = 0; failures <= settings.EventRetries && TimeProvider.System.GetElapsedTime(accepted) < settings.MaxEventAge;)
            {
                // Each attempt gives its payload away.
                using var result = await service.InvokeAsync(function.Name, request with { Payload = Payload.Of(payload.Span) }, tail: null, size: 0, _stopping.Token).ConfigureAwait(false);
                switch (result.Status)
                {
                    case InvokeStatus.Throttled or InvokeStatus.ServiceFailed:
                        await Task.Delay(throttlePause, _stopping.Token).ConfigureAwait(false);
                        throttlePause = throttlePause * 2 < LongestThrottlePause ? throttlePause * 2 : LongestThrottlePause;
                        break;
                    case InvokeStatus.FunctionError:
                        failures++;
                        if (failures <= settings.EventRetries)
                        {
                            await Task.Delay(settings.EventRetryDelay * failures, _stopping.Token).ConfigureAwait(false);
                        }

                        break;
                    case InvokeStatus.Succeeded:
                        return;
                    default:
                        function.Note($"An asynchronous invocation is dropped: {result.Message}");
                        return;
                }
            }

            function.Note("An asynchronous invocation is dropped: it has failed as often, or has waited as long, as it may.");
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The app host stops.
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
