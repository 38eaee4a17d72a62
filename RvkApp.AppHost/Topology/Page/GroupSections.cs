using System.Collections.Immutable;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>The security groups: who may open what to whom, and every rule.</summary>
internal static class GroupSections
{
    /// <summary>The matrix and the rules.</summary>
    /// <param name="landscape">The network.</param>
    /// <returns>The section.</returns>
    public static Markup Render(Landscape landscape)
        => Parts.Section(
            "groups",
            "Security groups",
            "Read a row from left to right: who may open a connection to whom, and on which port. A connection needs a rule out of the one group and a rule into the other.",
            Markup.Lines([Matrix(landscape), .. landscape.Groups.Select(group => Rules(landscape, group))]));

    /// <summary>A rule in words, such as <c>RVK-mongo-db-sg out: TCP 27017 to RVK-ecs-mongo-sg</c>.</summary>
    /// <param name="landscape">The network.</param>
    /// <param name="rule">The rule.</param>
    /// <returns>The words.</returns>
    public static string Sentence(Landscape landscape, GroupRule rule)
        => $"{NameOf(landscape, rule.GroupId)} {(rule.Outbound ? "out" : "in")}: {rule.Label} {(rule.Outbound ? "to" : "from")} {NameOf(landscape, rule.Peer)}";

    private static Markup Matrix(Landscape landscape)
    {
        var rules = landscape.Groups.SelectMany(group => group.Rules).Where(rule => !rule.PermitsNothing).ToImmutableArray();
        var groups = landscape.Groups.Select(group => group.Resource.Id).ToArray();
        string[] sources = [.. groups, .. Others(rules, groups, outbound: false)];
        string[] targets = [.. groups, .. Others(rules, groups, outbound: true)];
        return Markup.Of($"""
            <div class="table"><table class="matrix">
            <thead><tr><th scope="col">from \ to</th>{Markup.Join("", targets.Select(target => Markup.Of($"<th scope=\"col\">{NameOf(landscape, target)}</th>")))}</tr></thead>
            <tbody>
            {Markup.Lines(sources.Select(source => Markup.Of($"<tr><th scope=\"row\">{NameOf(landscape, source)}</th>{Markup.Join("", targets.Select(target => Cell(rules, groups, source, target)))}</tr>")))}
            </tbody>
            </table></div>
            """);
    }

    // Any address is always there: that its row is empty is what matters most.
    private static IEnumerable<string> Others(ImmutableArray<GroupRule> rules, string[] groups, bool outbound)
        => rules.Where(rule => rule.Outbound == outbound).Select(rule => rule.Peer).Except(groups).Append("0.0.0.0/0").Distinct().Order(StringComparer.Ordinal);

    private static Markup Cell(ImmutableArray<GroupRule> rules, string[] groups, string source, string target)
    {
        if (!groups.Contains(source) && !groups.Contains(target))
        {
            return Markup.Of($"<td></td>");
        }

        var outward = rules.Where(rule => rule.Outbound && rule.GroupId == source && rule.Peer == target).Select(rule => rule.Label).Distinct().ToList();
        var inward = rules.Where(rule => !rule.Outbound && rule.GroupId == target && rule.Peer == source).Select(rule => rule.Label).Distinct().ToList();
        var entries = outward.Union(inward).Select(label => (groups.Contains(source), groups.Contains(target), outward.Contains(label), inward.Contains(label)) switch
        {
            (true, true, true, true) => Markup.Of($"<span class=\"port\">{label}</span>"),
            (true, true, true, false) => Markup.Of($"<span class=\"bad\">{label}: out only, the rule in is missing</span>"),
            (true, true, false, _) => Markup.Of($"<span class=\"bad\">{label}: in only, the rule out is missing</span>"),
            (false, _, _, _) => Markup.Of($"<span class=\"bad\">{label}</span>"),
            _ => Markup.Of($"<span class=\"port\">{label}</span>"),
        });
        var content = Markup.Join("<br/>", entries);
        return content.IsEmpty ? Markup.Of($"<td class=\"none\">none</td>") : Markup.Of($"<td>{content}</td>");
    }

    private static Markup Rules(Landscape landscape, Group group)
    {
        string[] tags = [.. group.Resource.List("Tags").Select(tag => $"{tag["Key"]}: {tag["Value"]}")];
        return Markup.Of($"""
            <h3>{group.Name} {Parts.Id(group.Resource.Id)}</h3>
            <p class="quiet">{group.Resource.At("GroupDescription")?.ToString()}{(tags.Length == 0 ? Markup.Empty : Markup.Of($". Tags: {string.Join(", ", tags)}"))}</p>
            {Parts.Table(["Direction", "Port", "Peer", "Why", "Written in"], Entries(landscape, group))}
            """);
    }

    private static IEnumerable<Markup> Entries(Landscape landscape, Group group)
    {
        if (!group.Rules.Any(rule => !rule.Outbound))
        {
            yield return Markup.Of($"<tr><th scope=\"row\">in</th><td>none</td><td></td><td></td><td></td></tr>");
        }

        foreach (var rule in group.Rules)
        {
            yield return rule.PermitsNothing
                ? Markup.Of($"<tr><th scope=\"row\">{Direction(rule)}</th><td>none</td><td></td><td data-label=\"Why\">{rule.Description}. No packet can match: its only address is {rule.Peer}.</td><td data-label=\"Written in\">{Parts.Id(rule.Id)}</td></tr>")
                : Markup.Of($"<tr><th scope=\"row\">{Direction(rule)}</th><td class=\"port\" data-label=\"Port\">{rule.Label}</td><td data-label=\"Peer\">{NameOf(landscape, rule.Peer)}</td><td data-label=\"Why\">{rule.Description}</td><td data-label=\"Written in\">{Parts.Id(rule.Id)}</td></tr>");
        }

        if (!group.Rules.Any(rule => rule.Outbound))
        {
            yield return Markup.Of($"<tr class=\"failed\"><th scope=\"row\">out</th><td class=\"bad\">everything</td><td></td><td>The template has no rule, and EC2 adds one that lets everything out.</td><td></td></tr>");
        }
    }

    private static string Direction(GroupRule rule) => rule.Outbound ? "out" : "in";

    private static string NameOf(Landscape landscape, string peer) => peer switch
    {
        "0.0.0.0/0" or "::/0" => $"any address ({peer})",
        "" => "nobody",
        _ => landscape.Groups.FirstOrDefault(group => group.Resource.Id == peer)?.Name ?? peer,
    };
}
