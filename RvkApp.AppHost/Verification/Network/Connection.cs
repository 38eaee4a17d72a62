using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A connection that can be opened.</summary>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who answers.</param>
/// <param name="Traffic">What it carries.</param>
/// <param name="Because">The rules, subnets and routes that allow it, in the order a packet meets them.</param>
internal sealed record Connection(string From, string To, Traffic Traffic, ImmutableArray<Evidence> Because)
{
    /// <summary>Joins connections between the same two of touching ports, so that each is said once.</summary>
    public static ImmutableArray<Connection> Merge(IEnumerable<Connection> connections)
    {
        var merged = ImmutableArray.CreateBuilder<Connection>();
        var all = connections.ToArray();
        var open = all.Where(connection => connection.Traffic.IsAllProtocols).Select(connection => (connection.From, connection.To)).ToHashSet();
        foreach (var group in all.GroupBy(connection => (connection.From, connection.To, connection.Traffic.Protocol)))
        {
            if (group.Key.Protocol != "all" && open.Contains((group.Key.From, group.Key.To)))
            {
                // "All protocols" says it already.
                continue;
            }

            Connection? current = null;
            foreach (var next in group.OrderBy(connection => connection.Traffic.From).ThenByDescending(connection => connection.Traffic.To))
            {
                if (current is not null && next.Traffic.From <= current.Traffic.To + 1)
                {
                    current = current with
                    {
                        Traffic = current.Traffic with { To = Math.Max(current.Traffic.To, next.Traffic.To) },
                        Because = [.. current.Because.Union(next.Because)],
                    };
                    continue;
                }

                if (current is not null)
                {
                    merged.Add(current);
                }

                current = next;
            }

            merged.Add(current!);
        }

        return merged.ToImmutable();
    }

    /// <summary>What is left of a connection without others between the same two.</summary>
    public IEnumerable<Connection> Without(IEnumerable<Connection> others)
    {
        IEnumerable<Traffic> left = [Traffic];
        foreach (var other in others.Where(other => other.From == From && other.To == To))
        {
            left = left.SelectMany(traffic => other.Traffic.IsAllProtocols ? [] : traffic.Without(other.Traffic)).ToArray();
        }

        return left.Select(traffic => this with { Traffic = traffic });
    }
}
