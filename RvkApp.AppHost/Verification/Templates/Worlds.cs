using System.Collections.Immutable;
using System.Text.Json;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// Every way a template can turn out. A comparison that the template cannot decide, such as one of <c>AWS::Region</c>, may be true or false in a
/// deployment, so what is proven has to be proven for both.
/// </summary>
/// <param name="All">At least one; in the first every open comparison is true.</param>
/// <param name="Unexplored">What was not explored because there were too many; empty where everything was.</param>
internal sealed record Worlds(ImmutableArray<World> All, ImmutableArray<Problem> Unexplored)
{
    /// <summary>How many open comparisons are explored in all their combinations: 2⁶ = 64 worlds.</summary>
    public const int MaximumOpenComparisons = 6;

    /// <summary>The worlds of a template.</summary>
    public static Worlds Of(Template template)
    {
        var open = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var condition in UsedConditions(template))
        {
            open.UnionWith(new Conditions(template, ImmutableDictionary<string, bool>.Empty).OpenComparisons(condition));
        }

        var explored = open.Take(MaximumOpenComparisons).ToArray();
        var worlds = ImmutableArray.CreateBuilder<World>(1 << explored.Length);
        for (var mask = 0; mask < 1 << explored.Length; mask++)
        {
            var assumed = open.ToImmutableDictionary(comparison => comparison, _ => true, StringComparer.Ordinal);
            for (var bit = 0; bit < explored.Length; bit++)
            {
                assumed = assumed.SetItem(explored[bit], (mask & (1 << bit)) == 0);
            }

            var text = string.Join(" and ", explored.Select(comparison => $"{comparison} is {(assumed[comparison] ? "true" : "false")}"));
            worlds.Add(new(template, new Conditions(template, assumed), text.Length == 0 ? null : text));
        }

        ImmutableArray<Problem> unexplored =
        [
            .. open.Skip(MaximumOpenComparisons).Select(comparison => new Problem(
                null, $"the condition on {comparison} is taken as true only: the template has more than {MaximumOpenComparisons} comparisons that it cannot decide",
                "give the parameters that are compared a Default, or drop conditions")),
        ];
        return new(worlds.MoveToImmutable(), unexplored);
    }

    /// <summary>The conditions that decide about a resource or a property; those of the CDK's own metadata say nothing about the topology.</summary>
    private static SortedSet<string> UsedConditions(Template template)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var resource in template.Root.GetProperty("Resources").EnumerateObject())
        {
            if (resource.Value.GetProperty("Type").GetString() == "AWS::CDK::Metadata")
            {
                continue;
            }

            if (resource.Value.TryGetProperty("Condition", out var condition) && condition.GetString() is { } name)
            {
                used.Add(name);
            }

            Collect(resource.Value, used);
        }

        return used;
    }

    private static void Collect(JsonElement element, SortedSet<string> used)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, used);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (property.NameEquals("Fn::If") && property.Value.ValueKind == JsonValueKind.Array && property.Value.GetArrayLength() == 3
                    && property.Value[0].ValueKind == JsonValueKind.String)
                {
                    used.Add(property.Value[0].GetString()!);
                }

                Collect(property.Value, used);
            }
        }
    }
}
