using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class RestartBackoffTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_delay_doubles_with_each_crash_until_it_gives_up()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions(), _time);

        var decisions = Enumerable.Range(0, 6).Select(_ => CrashAfter(backoff, TimeSpan.FromMilliseconds(100))).ToList();

        Assert.Equal([1, 2, 4, 8, 16, 0], decisions.Select(decision => decision.Delay.TotalSeconds));
        Assert.Equal([false, false, false, false, false, true], decisions.Select(decision => decision.GaveUp));
        Assert.Equal(6, decisions[^1].CrashesInWindow);
    }

    [Fact]
    public void The_delay_is_capped_however_many_crashes_there_are()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions { MaxCrashes = int.MaxValue }, _time);

        var delays = Enumerable.Range(0, 5000).Select(_ => CrashAfter(backoff, TimeSpan.FromMilliseconds(100)).Delay).ToList();

        Assert.All(delays[5..], delay => Assert.Equal(TimeSpan.FromSeconds(30), delay));
    }

    [Fact]
    public void A_healthy_period_starts_the_delays_over()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions(), _time);
        CrashAfter(backoff, TimeSpan.FromSeconds(1));
        CrashAfter(backoff, TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), CrashAfter(backoff, TimeSpan.FromSeconds(30)).Delay);
        Assert.Equal(TimeSpan.FromSeconds(2), CrashAfter(backoff, TimeSpan.FromSeconds(29.9)).Delay);
    }

    [Fact]
    public void Crashes_that_left_the_window_do_not_count()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions { MaxCrashes = 3, Window = TimeSpan.FromMinutes(1) }, _time);
        CrashAfter(backoff, TimeSpan.FromSeconds(1));
        CrashAfter(backoff, TimeSpan.FromSeconds(1));

        Assert.False(CrashAfter(backoff, TimeSpan.FromSeconds(61)).GaveUp);
        Assert.False(CrashAfter(backoff, TimeSpan.FromSeconds(1)).GaveUp);
        Assert.True(CrashAfter(backoff, TimeSpan.FromSeconds(1)).GaveUp);
    }

    [Fact]
    public void A_start_that_fails_counts_as_a_crash_without_a_healthy_period()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions(), _time);
        CrashAfter(backoff, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(2), backoff.OnCrashed().Delay);
    }

    [Fact]
    public void A_start_by_hand_forgets_the_past()
    {
        var backoff = new RestartBackoff(new RestartBackoffOptions { MaxCrashes = 2 }, _time);
        CrashAfter(backoff, TimeSpan.FromSeconds(1));
        Assert.True(CrashAfter(backoff, TimeSpan.FromSeconds(1)).GaveUp);

        backoff.Reset();

        Assert.Equal(new RestartDecision(GaveUp: false, TimeSpan.FromSeconds(1), CrashesInWindow: 1), CrashAfter(backoff, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RestartBackoff(new RestartBackoffOptions { Factor = 0.5 }, _time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RestartBackoff(new RestartBackoffOptions { MaxCrashes = 0 }, _time));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RestartBackoff(new RestartBackoffOptions { MaxDelay = TimeSpan.Zero }, _time));
    }

    private RestartDecision CrashAfter(RestartBackoff backoff, TimeSpan running)
    {
        backoff.OnStarted();
        _time.Advance(running);
        return backoff.OnCrashed();
    }

    private sealed class ManualTimeProvider : TimeProvider
    {
        private long _timestamp;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _timestamp;

        public void Advance(TimeSpan time) => _timestamp += time.Ticks;
    }
}
