using System.Diagnostics;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// A token bucket, the algorithm by which API Gateway throttles: it holds <c>burst</c> tokens and gets <c>rate</c> of them in a second. It
/// keeps one number, the time at which it will be full again, and takes no lock.
/// </summary>
/// <param name="rate">Tokens in a second.</param>
/// <param name="burst">How many tokens it holds.</param>
internal sealed class TokenBucket(double rate, int burst)
{
    private readonly bool _isClosed = rate <= 0 || burst <= 0;
    private readonly long _interval = rate <= 0 ? 0 : (long)Math.Clamp(Stopwatch.Frequency / rate, 1, 1e12);
    private long _fullAt = long.MinValue;

    /// <summary>Takes a token, if there is one.</summary>
    /// <param name="now">The time: <see cref="Stopwatch.GetTimestamp"/>.</param>
    public bool TryTake(long now)
    {
        if (_isClosed)
        {
            return false;
        }

        var fullAt = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(fullAt, now) + _interval;
            if (next - now > _interval * burst)
            {
                return false;
            }

            var seen = Interlocked.CompareExchange(ref _fullAt, next, fullAt);
            if (seen == fullAt)
            {
                return true;
            }

            fullAt = seen;
        }
    }
}
