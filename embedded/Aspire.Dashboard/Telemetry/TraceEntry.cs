namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// The spans of a trace so far. Written under the lock of <see cref="TraceStore"/>; read without it: spans are only added at the end, and the number is
/// written after what it counts.
/// </summary>
internal sealed class TraceEntry(TraceId traceId)
{
    /// <summary>What an entry costs beside its spans.</summary>
    public const int Cost = 240;

    private const int SmallTrace = 16;

    private volatile Span[] _spans = new Span[4];
    private volatile int _count;
    private volatile bool _hasError;
    private Dictionary<ulong, int>? _byId;
    private long _startTicks = long.MaxValue;
    private long _endTicks = long.MinValue;

    public TraceId TraceId => traceId;

    public int Count => _count;

    public bool HasError => _hasError;

    public DateTime StartUtc => new(Volatile.Read(ref _startTicks), DateTimeKind.Utc);

    public TimeSpan Duration => new(Math.Max(0, Volatile.Read(ref _endTicks) - Volatile.Read(ref _startTicks)));

    /// <summary>The estimated bytes of the spans and of this.</summary>
    public long Bytes { get; set; } = Cost;

    /// <summary>The calls whose other side may still arrive. Null when there is none.</summary>
    public List<OpenCall>? OpenCalls { get; set; }

    /// <summary>The spans in the order of their arrival.</summary>
    public ReadOnlySpan<Span> Spans
    {
        get
        {
            var count = _count;
            return _spans.AsSpan(0, count);
        }
    }

    public Span? Find(SpanId id)
    {
        if (_byId is not null)
        {
            return _byId.TryGetValue(id.Value, out var index) ? _spans[index] : null;
        }

        foreach (var span in Spans)
        {
            if (span.SpanId == id)
            {
                return span;
            }
        }

        return null;
    }

    /// <summary>Adds a span that is not there yet.</summary>
    public void Add(Span span)
    {
        var (spans, count) = (_spans, _count);
        if (count == spans.Length)
        {
            Array.Resize(ref spans, count * 2);
            _spans = spans;
        }

        spans[count] = span;
        if (_byId is not null)
        {
            _byId[span.SpanId.Value] = count;
        }
        else if (count + 1 > SmallTrace)
        {
            _byId = new Dictionary<ulong, int>(2 * SmallTrace);
            for (var i = 0; i <= count; i++)
            {
                _byId[spans[i].SpanId.Value] = i;
            }
        }

        Volatile.Write(ref _startTicks, Math.Min(_startTicks, span.StartUtc.Ticks));
        Volatile.Write(ref _endTicks, Math.Max(_endTicks, span.StartUtc.Ticks + span.Duration.Ticks));
        _hasError |= span.Status == SpanStatus.Error;
        _count = count + 1;
    }

    public TraceSummary Summarize()
    {
        var spans = Spans;
        var root = Root(spans);
        var resources = new List<ResourceCount>();
        foreach (var span in spans)
        {
            var index = resources.FindIndex(r => r.Resource == span.Resource.Name);
            var failed = span.Status == SpanStatus.Error;
            if (index < 0)
            {
                resources.Add(new ResourceCount(span.Resource.Name, 1, failed));
            }
            else
            {
                resources[index] = new ResourceCount(resources[index].Resource, resources[index].Count + 1, resources[index].HasError | failed);
            }
        }

        return new TraceSummary(traceId, root.Name, root.Resource.Name, StartUtc, Duration, spans.Length, HasError, resources);
    }

    public Trace ToTrace()
    {
        var spans = Spans.ToArray();
        return new Trace
        {
            TraceId = traceId,
            Root = Root(spans),
            Spans = ParentsFirst(spans),
            StartUtc = StartUtc,
            Duration = Duration,
            HasError = HasError,
        };
    }

    private static Span Root(ReadOnlySpan<Span> spans)
    {
        var root = spans[0];
        foreach (var span in spans)
        {
            if (span.ParentSpanId.IsEmpty != root.ParentSpanId.IsEmpty ? span.ParentSpanId.IsEmpty : span.StartUtc < root.StartUtc)
            {
                root = span;
            }
        }

        return root;
    }

    /// <summary>By start; a parent whose clock is late comes before its children all the same. Spans that are each other's parents come by start.</summary>
    private static List<Span> ParentsFirst(Span[] spans)
    {
        // Stable, so that what starts at the same time stays in the order of arrival.
        Span[] byStart = [.. spans.OrderBy(s => s.StartUtc)];
        var byId = new Dictionary<ulong, int>(byStart.Length);
        for (var i = 0; i < byStart.Length; i++)
        {
            byId.TryAdd(byStart[i].SpanId.Value, i);
        }

        var result = new List<Span>(byStart.Length);
        var seen = new bool[byStart.Length];
        var ancestors = new Stack<int>();
        for (var i = 0; i < byStart.Length; i++)
        {
            for (var at = i; !seen[at];)
            {
                seen[at] = true;
                ancestors.Push(at);
                if (byStart[at].ParentSpanId.IsEmpty || !byId.TryGetValue(byStart[at].ParentSpanId.Value, out at))
                {
                    break;
                }
            }

            while (ancestors.TryPop(out var at))
            {
                result.Add(byStart[at]);
            }
        }

        return result;
    }
}
