using System.Diagnostics;

namespace Aspire.Dashboard.Telemetry;

/// <summary>Takes a page of what matches.</summary>
internal static class Page
{
    /// <summary>How long matches are still counted after the page is full. Then the total is the number that was counted so far.</summary>
    private static readonly TimeSpan CountingTime = TimeSpan.FromMilliseconds(25);

    public static Found<TResult> Take<TItem, TQuery, TResult>(ReadOnlySpan<TItem> items, TQuery query, Func<TItem, TQuery, bool> matches, Func<TItem, TResult> select, int skip, int take)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(skip);
        ArgumentOutOfRangeException.ThrowIfNegative(take);
        var page = new List<TResult>(Math.Min(take, 256));
        var total = 0;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < items.Length; i++)
        {
            if (i % 256 == 255 && page.Count == take && Stopwatch.GetElapsedTime(started) > CountingTime)
            {
                break;
            }

            if (!matches(items[i], query))
            {
                continue;
            }

            if (total >= skip && page.Count < take)
            {
                page.Add(select(items[i]));
            }

            total++;
        }

        return new Found<TResult>(page, total);
    }
}
