namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// One timer for all deadlines. It is set only when something is due before it fires, which an invocation rarely is: those with the same timeout are due in the order in which they came.
/// </summary>
internal sealed class DeadlineClock : IAsyncDisposable
{
    private readonly Func<long, long?> _onDue;
    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _due = long.MaxValue;

    /// <summary>Creates a clock.</summary>
    /// <param name="onDue">Ends what is due and says when to look again; both in milliseconds of <see cref="Environment.TickCount64"/>.</param>
    public DeadlineClock(Func<long, long?> onDue)
    {
        _onDue = onDue;
        _timer = new Timer(static state => ((DeadlineClock)state!).Fire(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>Has what is due looked for at this time, by <see cref="Environment.TickCount64"/>, at the latest.</summary>
    public void Schedule(long tick)
    {
        if (tick >= Volatile.Read(ref _due))
        {
            return;
        }

        lock (_lock)
        {
            if (tick < _due)
            {
                _due = tick;
                _timer.Change(Math.Clamp(tick - Environment.TickCount64, 1, int.MaxValue), Timeout.Infinite);
            }
        }
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Fire()
    {
        lock (_lock)
        {
            _due = long.MaxValue;
        }

        if (_onDue(Environment.TickCount64) is { } next)
        {
            Schedule(next);
        }
    }
}
