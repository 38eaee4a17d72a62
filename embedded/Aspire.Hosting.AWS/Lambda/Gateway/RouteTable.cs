namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// The routes of an API, the most specific first: a full match before one with a variable, that before a greedy one, that before
/// <c>$default</c>, and of two with the same path a method before <c>ANY</c>.
/// </summary>
internal sealed class RouteTable
{
    /// <summary>How many routes an API may have (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).</summary>
    public const int MaxRoutes = 300;

    private readonly GatewayRoute[] _routes;
    private readonly GatewayRoute? _default;

    public RouteTable(IEnumerable<GatewayRoute> routes)
    {
        var all = routes.ToArray();
        _default = Array.Find(all, r => r.IsDefault);
        _routes = [.. all.Where(r => !r.IsDefault)];
        Array.Sort(_routes, Compare);
        MaxSegments = all.Length == 0 ? 0 : all.Max(r => r.Segments.Count);
    }

    /// <summary>How many segments the longest path has.</summary>
    public int MaxSegments { get; }

    /// <summary>Makes sure that a route can be added to others.</summary>
    /// <exception cref="DistributedApplicationException">It cannot.</exception>
    public static void EnsureAddable(string api, IReadOnlyList<GatewayRoute> routes, GatewayRoute route)
    {
        if (routes.FirstOrDefault(route.IsSameAs) is { } same)
        {
            throw new DistributedApplicationException(
                $"API '{api}' has two routes for the same requests: '{same.Key}' to function '{same.Function}' and '{route.Key}' to function '{route.Function}'. Remove one of the two calls of WithReference.");
        }

        if (routes.Count >= MaxRoutes)
        {
            throw new DistributedApplicationException($"API '{api}' has more than {MaxRoutes} routes, which an HTTP API of API Gateway may have. Use variables or a greedy variable in the paths.");
        }
    }

    /// <summary>The route of a request; null when none takes it.</summary>
    public GatewayRoute? Find(Method method, RequestPath path)
    {
        foreach (var route in _routes)
        {
            if ((route.Method == method || route.Method == Method.Any) && Matches(route, path))
            {
                return route;
            }
        }

        return _default;
    }

    private static bool Matches(GatewayRoute route, RequestPath path)
    {
        var segments = route.Segments;
        if (route.IsGreedy ? path.SegmentCount < segments.Count : path.SegmentCount != segments.Count)
        {
            return false;
        }

        for (var i = 0; i < segments.Count; i++)
        {
            // A variable takes any one segment that is not empty; a greedy one takes the rest, also when that is empty.
            var matches = segments[i].Text is { } text
                ? path.Segment(i).SequenceEqual(text)
                : (route.IsGreedy && i == segments.Count - 1) || !path.Segment(i).IsEmpty;
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }

    private static int Compare(GatewayRoute x, GatewayRoute y)
    {
        if (x.IsGreedy != y.IsGreedy)
        {
            return x.IsGreedy ? 1 : -1;
        }

        for (var i = 0; i < Math.Min(x.Segments.Count, y.Segments.Count); i++)
        {
            if (x.Segments[i].Text is null != y.Segments[i].Text is null)
            {
                return x.Segments[i].Text is null ? 1 : -1;
            }
        }

        // The longer of two greedy paths is the more specific one. ANY is the first method of the enumeration.
        var length = y.Segments.Count.CompareTo(x.Segments.Count);
        return length != 0 ? length : y.Method.CompareTo(x.Method);
    }
}
