namespace Aspire.Hosting.Orchestration;

/// <summary>How often and how soon a process that crashes is started again.</summary>
internal sealed record RestartBackoffOptions
{
    /// <summary>The delay after the first crash. Default: 1 s.</summary>
    public TimeSpan InitialDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What each further crash multiplies the delay by. Default: 2.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>The longest delay. Default: 30 s.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A process that ran this long before it crashed starts again at the initial delay. Default: 30 s.</summary>
    public TimeSpan HealthyPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>This many crashes within <see cref="Window"/> are the end of it. Default: 6, which with the delays of 1, 2, 4, 8
    /// and 16 s takes about half a minute for a process that crashes at once.</summary>
    public int MaxCrashes { get; init; } = 6;

    /// <summary>The time in which crashes are counted. Default: 5 min.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <exception cref="ArgumentException">A value makes no sense.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(InitialDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Factor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDelay, InitialDelay);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(HealthyPeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxCrashes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Window, TimeSpan.Zero);
    }
}

/// <summary>What to do after a crash.</summary>
/// <param name="GaveUp">Whether to leave the process down.</param>
/// <param name="Delay">Otherwise, how long to wait before starting it.</param>
/// <param name="CrashesInWindow">How many crashes led to this.</param>
internal readonly record struct RestartDecision(bool GaveUp, TimeSpan Delay, int CrashesInWindow);

/// <summary>
/// Decides about restarts: delays that grow with each crash, start over after a healthy period, and an end to it after too many
/// crashes in a window. Only decides: it waits for nothing and starts nothing. Not for use from several threads at once.
/// </summary>
internal sealed class RestartBackoff
{
    private readonly RestartBackoffOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Queue<long> _crashes = new();
    private long? _started;
    private int _consecutive;

    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    public RestartBackoff(RestartBackoffOptions options, TimeProvider timeProvider)
    {
        options.Validate();
        _options = options;
        _timeProvider = timeProvider;
    }

    /// <summary>The process has started.</summary>
    public void OnStarted() => _started = _timeProvider.GetTimestamp();

    /// <summary>The process has crashed, or could not be started.</summary>
    public RestartDecision OnCrashed()
    {
        var now = _timeProvider.GetTimestamp();
        if (_started is { } started && _timeProvider.GetElapsedTime(started, now) >= _options.HealthyPeriod)
        {
            _consecutive = 0;
        }

        _started = null;
        _crashes.Enqueue(now);
        while (_timeProvider.GetElapsedTime(_crashes.Peek(), now) > _options.Window)
        {
            _crashes.Dequeue();
        }

        // The power outgrows every TimeSpan sooner than the minimum is taken, so it is taken on the numbers.
        var seconds = Math.Min(_options.MaxDelay.TotalSeconds, _options.InitialDelay.TotalSeconds * Math.Pow(_options.Factor, _consecutive));
        _consecutive++;
        return _crashes.Count >= _options.MaxCrashes
            ? new RestartDecision(GaveUp: true, TimeSpan.Zero, _crashes.Count)
            : new RestartDecision(GaveUp: false, TimeSpan.FromSeconds(seconds), _crashes.Count);
    }

    /// <summary>Forgets all crashes: somebody started the process by hand.</summary>
    public void Reset()
    {
        _crashes.Clear();
        _consecutive = 0;
        _started = null;
    }
}
