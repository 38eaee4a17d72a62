using System.Collections.Immutable;
using System.Text;

namespace RvkApp.AppHost.Verification;

/// <summary>A connection that one of two templates allows and the other does not.</summary>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who answers.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>https</c>, <c>invoke</c>, <c>all</c>, …</param>
/// <param name="Ports">A port or a range; empty where there are none.</param>
/// <param name="Because">The rules, routes and settings that did it.</param>
internal sealed record ReachabilityChange(string From, string To, string Protocol, string Ports, ImmutableArray<Evidence> Because);

/// <summary>What two templates differ in, as far as it decides who reaches whom.</summary>
/// <param name="Before">The first template's name.</param>
/// <param name="After">The second template's name.</param>
/// <param name="NowReachable">What the second allows and the first does not.</param>
/// <param name="NoLongerReachable">What the first allows and the second does not.</param>
/// <param name="RulesAdded">Rules of security groups that only the second has.</param>
/// <param name="RulesRemoved">Rules of security groups that only the first has.</param>
internal sealed record PolicyDifference(
    string Before, string After,
    ImmutableArray<ReachabilityChange> NowReachable, ImmutableArray<ReachabilityChange> NoLongerReachable,
    ImmutableArray<Evidence> RulesAdded, ImmutableArray<Evidence> RulesRemoved);

/// <summary>Compares who reaches whom in two templates. What a template does not tell counts as open in both.</summary>
internal static class PolicyDiff
{
    /// <summary>Compares two templates.</summary>
    public static PolicyDifference Compare(Template before, Template after)
    {
        var (old, now) = (Read(before), Read(after));
        return new(before.Name, after.Name, Changes(now, old), Changes(old, now), Only(now.Rules, old.Rules), Only(old.Rules, now.Rules));
    }

    /// <summary>The difference for people.</summary>
    public static string Text(PolicyDifference difference)
    {
        var text = new StringBuilder();
        if (difference is { NowReachable: [], NoLongerReachable: [], RulesAdded: [], RulesRemoved: [] })
        {
            return $"{difference.Before} and {difference.After} let the same connections through.\n";
        }

        Append(text, '+', "Now reachable", difference.NowReachable);
        Append(text, '-', "No longer reachable", difference.NoLongerReachable);
        Append(text, '+', "Rules added", difference.RulesAdded);
        Append(text, '-', "Rules removed", difference.RulesRemoved);
        return text.ToString();
    }

    /// <summary>The difference for machines, in the manner of <see cref="VerificationJson"/>.</summary>
    public static string Json(PolicyDifference difference) => VerificationJson.Serialize(difference);

    private static (ImmutableArray<Connection> Connections, ImmutableArray<Evidence> Rules) Read(Template template)
    {
        var networks = template.Worlds.All.Select(world => new NetworkModel(world)).ToArray();
        return (Connection.Merge(networks.SelectMany(network => Reachability.Of(network))),
            [.. networks.SelectMany(network => network.Groups).SelectMany(group => group.Rules).Where(rule => !rule.PermitsNothing).Select(rule => rule.Evidence).Distinct()]);
    }

    private static ImmutableArray<ReachabilityChange> Changes((ImmutableArray<Connection> Connections, ImmutableArray<Evidence> Rules) there, (ImmutableArray<Connection> Connections, ImmutableArray<Evidence> Rules) notThere)
    {
        var same = notThere.Connections.SelectMany(connection => connection.Because).Select(because => because.Text).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. there.Connections.SelectMany(connection => connection.Without(notThere.Connections)).Select(connection =>
            {
                var changed = connection.Because.Where(because => !same.Contains(because.Text)).ToImmutableArray();
                return new ReachabilityChange(connection.From, connection.To, connection.Traffic.Protocol, connection.Traffic.Ports, changed.IsEmpty ? connection.Because : changed);
            }),
        ];
    }

    /// <summary>Rules are compared by what they say, so that one that only moved from inline to a resource of its own is none.</summary>
    private static ImmutableArray<Evidence> Only(ImmutableArray<Evidence> these, ImmutableArray<Evidence> those) =>
        [.. these.Where(rule => those.All(other => other.Text != rule.Text)).DistinctBy(rule => rule.Text)];

    private static void Append(StringBuilder text, char sign, string title, ImmutableArray<ReachabilityChange> changes)
    {
        if (!changes.IsEmpty)
        {
            text.Append(title).Append('\n');
        }

        foreach (var change in changes)
        {
            text.Append("  ").Append(sign).Append(' ').Append($"{change.From} to {change.To}: {change.Protocol} {change.Ports}".TrimEnd()).Append('\n');
            foreach (var because in change.Because)
            {
                text.Append("      because of ").Append(because.LogicalId).Append(": ").Append(because.Text).Append('\n');
            }
        }
    }

    private static void Append(StringBuilder text, char sign, string title, ImmutableArray<Evidence> rules)
    {
        if (!rules.IsEmpty)
        {
            text.Append(title).Append('\n');
        }

        foreach (var rule in rules)
        {
            text.Append("  ").Append(sign).Append(' ').Append(rule.Text).Append(" (").Append(rule.LogicalId).Append(")\n");
        }
    }
}
