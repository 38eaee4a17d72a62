namespace Aspire.Dashboard.Telemetry;

/// <summary>
/// Counts the calls between resources, each second for itself, as spans arrive; nothing is scanned. Written under the lock of <see cref="TraceStore"/>.
/// The two sides of a call arrive in any order, so a call is counted with what is known and moved when its other side comes.
/// </summary>
internal sealed class TrafficCounters(TimeProvider time, IPeerResolver peers)
{
    /// <summary>The longest window.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromSeconds(Seconds - 1);

    private const int Seconds = 301;
    private const int MaxEdges = 2_000;
    private const int MaxOpenCalls = 64;

    /// <summary>For so long the parent of a span may be under way, and whoever called is not shown as somebody outside.</summary>
    private const int SettlingSeconds = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<EdgeKey, Edge> _edges = [];

    public void Add(TraceEntry trace, Span span)
    {
        lock (_lock)
        {
            var second = Now();
            var isServed = JoinChildren(trace, span);
            switch (span.Kind)
            {
                case SpanKind.Server or SpanKind.Consumer:
                    AddServed(trace, span, second);
                    break;
                // A callee that speaks for itself has been counted with its own span.
                case SpanKind.Client or SpanKind.Producer when !isServed:
                    AddCalling(trace, span, second);
                    break;
            }
        }
    }

    public IReadOnlyList<TrafficEdge> Get(TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(window, MaxWindow);
        var seconds = (int)Math.Ceiling(window.TotalSeconds);
        var sums = new Dictionary<(string? Source, string Target), (long Calls, long Errors)>();
        lock (_lock)
        {
            var now = Now();
            foreach (var (key, edge) in _edges)
            {
                var (calls, errors) = edge.Sum(now - seconds + 1, key.Settling ? now - SettlingSeconds : now);
                if (calls > 0)
                {
                    var sum = sums.GetValueOrDefault((key.Source, key.Target));
                    sums[(key.Source, key.Target)] = (sum.Calls + calls, sum.Errors + errors);
                }
            }
        }

        return [.. sums.Select(s => new TrafficEdge(s.Key.Source, s.Key.Target, s.Value.Calls / (double)seconds, s.Value.Errors / (double)seconds))
            .OrderBy(e => e.Source, StringComparer.Ordinal).ThenBy(e => e.Target, StringComparer.Ordinal)];
    }

    public void Clear(string? resource)
    {
        lock (_lock)
        {
            foreach (var key in _edges.Keys.Where(k => resource is null || k.Source == resource || k.Target == resource).ToArray())
            {
                _edges.Remove(key);
            }
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A span that others wait for: their calls get their source.</summary>
    /// <returns>Whether there was one of another resource.</returns>
    private bool JoinChildren(TraceEntry trace, Span parent)
    {
        if (trace.OpenCalls is not { } calls)
        {
            return false;
        }

        var isServed = false;
        for (var i = calls.Count - 1; i >= 0; i--)
        {
            var call = calls[i];
            if (call.Served && call.Span.ParentSpanId == parent.SpanId)
            {
                calls.RemoveAt(i);
                Count(new EdgeKey(null, call.Target, Settling: true), call.Second, -1, Failed(call.Span) ? -1 : 0);
                CountServed(parent, call.Span, call.Second);
                isServed |= call.Span.Resource.Name != parent.Resource.Name;
            }
        }

        return isServed;
    }

    private void AddServed(TraceEntry trace, Span span, long second)
    {
        if (span.ParentSpanId.IsEmpty)
        {
            Count(new EdgeKey(null, span.Resource.Name, Settling: false), second, 1, Failed(span) ? 1 : 0);
            return;
        }

        if (trace.Find(span.ParentSpanId) is { } parent)
        {
            if (parent.Resource.Name != span.Resource.Name && trace.OpenCalls is { } calls
                && calls.FindIndex(c => !c.Served && c.Span.SpanId == parent.SpanId) is >= 0 and var index)
            {
                // Its callee speaks for itself after all.
                Count(new EdgeKey(calls[index].Span.Resource.Name, calls[index].Target, Settling: false), calls[index].Second, -1, Failed(parent) ? -1 : 0);
                calls.RemoveAt(index);
            }

            CountServed(parent, span, second);
            return;
        }

        var settling = Open(trace, new OpenCall(span, span.Resource.Name, second, Served: true));
        Count(new EdgeKey(null, span.Resource.Name, settling), second, 1, Failed(span) ? 1 : 0);
    }

    private void AddCalling(TraceEntry trace, Span span, long second)
    {
        if (peers.Resolve(span) is not { } target || target == span.Resource.Name)
        {
            return;
        }

        Open(trace, new OpenCall(span, target, second, Served: false));
        Count(new EdgeKey(span.Resource.Name, target, Settling: false), second, 1, Failed(span) ? 1 : 0);
    }

    private void CountServed(Span parent, Span span, long second)
    {
        // A span of the same resource is its caller only when it is a call; else it is what led to it in the same process.
        if (parent.Resource.Name != span.Resource.Name || parent.Kind is SpanKind.Client or SpanKind.Producer)
        {
            Count(new EdgeKey(parent.Resource.Name, span.Resource.Name, Settling: false), second, 1, Failed(span) || Failed(parent) ? 1 : 0);
        }
    }

    private static bool Open(TraceEntry trace, OpenCall call)
    {
        var calls = trace.OpenCalls ??= [];
        if (calls.Count >= MaxOpenCalls)
        {
            return false;
        }

        calls.Add(call);
        return true;
    }

    private static bool Failed(Span span)
        => span.Status == SpanStatus.Error || (span.Attribute("http.response.status_code") is { Length: 3 } status && status[0] == '5');

    private void Count(EdgeKey key, long second, int calls, int errors)
    {
        if (!_edges.TryGetValue(key, out var edge))
        {
            if (calls < 0 || (_edges.Count >= MaxEdges && !Forget(second)))
            {
                return;
            }

            _edges.Add(key, edge = new Edge());
        }

        edge.Count(second, calls, errors);
    }

    /// <summary>Makes place: edges without calls in the longest window.</summary>
    private bool Forget(long now)
    {
        foreach (var (key, _) in _edges.Where(e => e.Value.Last <= now - Seconds).ToArray())
        {
            _edges.Remove(key);
        }

        return _edges.Count < MaxEdges;
    }

    private readonly record struct EdgeKey(string? Source, string Target, bool Settling);

    private sealed class Edge
    {
        private readonly (long Second, int Calls, int Errors)[] _seconds = new (long, int, int)[Seconds];

        public long Last { get; private set; }

        public void Count(long second, int calls, int errors)
        {
            ref var at = ref _seconds[second % Seconds];
            if (at.Second != second)
            {
                if (calls < 0 || at.Second > second)
                {
                    return; // It was counted so long ago that it is gone.
                }

                at = (second, 0, 0);
            }

            at.Calls += calls;
            at.Errors += errors;
            Last = Math.Max(Last, second);
        }

        public (long Calls, long Errors) Sum(long from, long to)
        {
            var (calls, errors) = (0L, 0L);
            for (var second = from; second <= to; second++)
            {
                ref var at = ref _seconds[second % Seconds];
                if (at.Second == second)
                {
                    calls += at.Calls;
                    errors += at.Errors;
                }
            }

            return (calls, errors);
        }
    }
}

/// <summary>A call of which one side has arrived.</summary>
/// <param name="Span">That side.</param>
/// <param name="Target">The called resource.</param>
/// <param name="Second">When it was counted.</param>
/// <param name="Served">Whether it is the side of the called; the caller's otherwise.</param>
internal readonly record struct OpenCall(Span Span, string Target, long Second, bool Served);
