namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>The last lines of one resource or of several, by time. Not safe for several threads.</summary>
/// <param name="capacity">How many lines are kept.</param>
internal sealed class ConsoleBuffer(int capacity)
{
    private readonly List<ConsoleLine> _lines = [];

    public IReadOnlyList<ConsoleLine> Lines => _lines;

    /// <summary>How many older lines have made place, since the buffer was last cleared.</summary>
    public long Dropped { get; private set; }

    /// <summary>
    /// Adds lines of any resources, each resource's in their order. Lines of others that are younger and came before move behind them: times are compared over the
    /// resources, and the order within a resource is kept.
    /// </summary>
    public void Add(IReadOnlyCollection<ConsoleLine> added)
    {
        if (added.Count == 0)
        {
            return;
        }

        // OrderBy is stable, so lines of the same moment stay as they came.
        var batch = added.OrderBy(l => l.TimeUtc).ToList();
        var start = _lines.Count;
        while (start > 0 && _lines[start - 1].TimeUtc > batch[0].TimeUtc)
        {
            start--;
        }

        var tail = _lines.GetRange(start, _lines.Count - start);
        _lines.RemoveRange(start, tail.Count);
        _lines.AddRange(tail.Concat(batch).OrderBy(l => l.TimeUtc));

        var excess = _lines.Count - capacity;
        if (excess > 0)
        {
            _lines.RemoveRange(0, excess);
            Dropped += excess;
        }
    }

    /// <summary>Lines that never came, because who reads them did not keep up.</summary>
    public void Lost(long count) => Dropped += count;

    public void Clear()
    {
        _lines.Clear();
        Dropped = 0;
    }
}
