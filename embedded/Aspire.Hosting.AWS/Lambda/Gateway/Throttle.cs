using System.Collections.Frozen;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Lets so many requests through: of the API, and of those of its routes that have limits of their own.</summary>
internal sealed class Throttle
{
    private readonly TokenBucket _api;
    private readonly FrozenDictionary<string, TokenBucket> _routes;

    /// <summary>Creates the buckets of an API.</summary>
    /// <exception cref="DistributedApplicationException">There are limits for a route that does not exist.</exception>
    public Throttle(ThrottlingOptions options, IReadOnlyList<GatewayRoute> routes)
    {
        _api = new TokenBucket(options.RateLimit, options.BurstLimit);
        foreach (var key in options.Routes.Keys)
        {
            if (!routes.Any(r => r.Key == key))
            {
                throw ApiGatewayOptions.Invalid("Throttling:Routes", key, $"the key of a route of the API: {string.Join(", ", routes.Select(r => $"'{r.Key}'"))}");
            }
        }

        _routes = options.Routes.ToFrozenDictionary(r => r.Key, r => new TokenBucket(r.Value.RateLimit, r.Value.BurstLimit), StringComparer.Ordinal);
    }

    /// <summary>Whether a request is let through.</summary>
    public bool Admits(GatewayRoute route, long now)
        => (_routes.Count == 0 || !_routes.TryGetValue(route.Key, out var bucket) || bucket.TryTake(now)) && _api.TryTake(now);
}
