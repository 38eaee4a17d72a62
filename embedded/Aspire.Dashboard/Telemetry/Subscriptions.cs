using Microsoft.Extensions.Logging;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Who wants to know about new telemetry. A writer only sets a mark; the call back comes from the thread pool, at most every 100 ms and never twice at a time.</summary>
internal sealed class Subscriptions(ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private volatile Subscription[] _all = [];

    public IDisposable Add(TelemetryKind kinds, Action changed)
    {
        var subscription = new Subscription(this, kinds, changed);
        lock (_lock)
        {
            _all = [.. _all, subscription];
        }

        return subscription;
    }

    public void Notify(TelemetryKind kinds)
    {
        foreach (var subscription in _all)
        {
            subscription.Mark(kinds);
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            _all = [.. _all.Where(s => s != subscription)];
        }
    }

    private sealed class Subscription : IDisposable
    {
        private const int Idle = 0, Waiting = 1, Running = 2, RunningAndMarked = 3, Ended = 4;

        private readonly Subscriptions _owner;
        private readonly TelemetryKind _kinds;
        private readonly Action _changed;
        private readonly Timer _timer;
        private int _state;

        public Subscription(Subscriptions owner, TelemetryKind kinds, Action changed)
        {
            (_owner, _kinds, _changed) = (owner, kinds, changed);
            // A page's culture or user must not flow into the call back of every later change.
            using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            {
                _timer = new Timer(static state => ((Subscription)state!).Run(), this, Timeout.Infinite, Timeout.Infinite);
            }
        }

        public void Mark(TelemetryKind kinds)
        {
            if ((kinds & _kinds) == 0)
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
            {
                Wait();
            }
            else
            {
                Interlocked.CompareExchange(ref _state, RunningAndMarked, Running);
            }
        }

        public void Dispose()
        {
            Interlocked.Exchange(ref _state, Ended);
            _owner.Remove(this);
            _timer.Dispose();
        }

        private void Run()
        {
            if (Interlocked.CompareExchange(ref _state, Running, Waiting) != Waiting)
            {
                return;
            }

            try
            {
                _changed();
            }
            catch (Exception exception)
            {
                // On a thread of the pool it would end the app host; the other subscribers have nothing to do with it.
                _owner.Logger.LogError(exception, "A subscriber to new telemetry failed.");
            }

            if (Interlocked.CompareExchange(ref _state, Idle, Running) == RunningAndMarked
                && Interlocked.CompareExchange(ref _state, Waiting, RunningAndMarked) == RunningAndMarked)
            {
                Wait();
            }
        }

        private void Wait()
        {
            try
            {
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // The subscription has ended meanwhile.
            }
        }
    }

    private ILogger Logger => logger;
}
