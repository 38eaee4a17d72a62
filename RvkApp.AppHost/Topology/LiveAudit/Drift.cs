using System.Collections.Immutable;

namespace RvkApp.AppHost.Topology.LiveAudit;

/// <summary>Something in which an account differs from the template.</summary>
/// <param name="Group">The group's name.</param>
/// <param name="What">What differs.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record Drift(string Group, string What, string Fix)
{
    private const string DefaultGroup = "default";

    /// <summary>Compares the groups of a VPC with those of a template.</summary>
    /// <param name="declared">The template's.</param>
    /// <param name="live">The VPC's, its default group included.</param>
    /// <returns>Every difference, in the template's order; none where the account is as declared.</returns>
    public static ImmutableArray<Drift> Find(ImmutableArray<AuditedGroup> declared, ImmutableArray<AuditedGroup> live) =>
    [
        .. declared.SelectMany(group => live.FirstOrDefault(candidate => candidate.Name == group.Name) is { } found
            ? OfGroup(group, found)
            : [new Drift(group.Name, "the group does not exist", "deploy again")]),
        .. live.Where(group => group.Name == DefaultGroup).SelectMany(group => group.Rules.Select(rule => new Drift(group.Name, $"the default group has a rule ({rule})", "revoke it: nothing belongs into the default group"))),
        .. live.Where(group => group.Name != DefaultGroup && declared.All(known => known.Name != group.Name)).Select(group => new Drift(group.Name, "no template knows this group", "delete it, or make it part of the stack")),
    ];

    private static IEnumerable<Drift> OfGroup(AuditedGroup declared, AuditedGroup live)
    {
        if (declared.Description != live.Description)
        {
            yield return new Drift(declared.Name, $"the description is '{live.Description}' instead of '{declared.Description}'", "deploy again: EC2 replaces the group for it");
        }

        foreach (var (key, value) in declared.Tags)
        {
            if (!live.Tags.TryGetValue(key, out var found) || found != value)
            {
                yield return new Drift(declared.Name, $"the tag {key} is {(found is null ? "missing" : $"'{found}'")} instead of '{value}'", "set the tag, or deploy again");
            }
        }

        foreach (var rule in declared.Rules)
        {
            var same = live.Rules.Where(candidate => candidate.AllowsSameAs(rule)).ToArray();
            if (same.Length == 0)
            {
                yield return new Drift(declared.Name, $"the rule is missing: {rule}", $"authorize it again ({rule.Description})");
            }
            else if (same.All(candidate => candidate.Description != rule.Description))
            {
                yield return new Drift(declared.Name, $"the rule has the description '{same[0].Description}' instead of '{rule.Description}': {rule}", "update the description");
            }
        }

        foreach (var rule in live.Rules.Where(rule => !declared.Rules.Any(rule.AllowsSameAs)))
        {
            yield return new Drift(declared.Name, $"the rule is not in the template: {rule}{(rule.Description.Length > 0 ? $" ('{rule.Description}')" : string.Empty)}", "revoke it, or make it part of the stack");
        }
    }
}
