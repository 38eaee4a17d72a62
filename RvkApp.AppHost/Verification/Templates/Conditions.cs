using System.Collections.Immutable;
using System.Text.Json;

namespace RvkApp.AppHost.Verification;

/// <summary>Evaluates the conditions of a template, given what is assumed of the comparisons that it cannot decide.</summary>
internal sealed class Conditions(Template template, ImmutableDictionary<string, bool> assumed)
{
    /// <summary>Whether a condition of the section <c>Conditions</c> holds; <see langword="null"/> where that is neither known nor assumed.</summary>
    public bool? Holds(string name) => Holds(name, []);

    /// <summary>The comparisons that decide a condition and cannot be decided here.</summary>
    public IEnumerable<string> OpenComparisons(string name)
    {
        var open = new List<string>();
        Visit(name, open, []);
        return open;
    }

    private bool? Holds(string name, ImmutableHashSet<string> above) =>
        above.Contains(name) || template.Entry("Conditions", name) is not { } condition ? null : Evaluate(condition, above.Add(name));

    private bool? Evaluate(JsonElement condition, ImmutableHashSet<string> above)
    {
        if (!Intrinsics.TryGetFunction(condition, out var function, out var argument))
        {
            return null;
        }

        switch (function)
        {
            case "Condition":
                return argument.GetString() is { } name ? Holds(name, above) : null;
            case "Fn::Not":
                return !Evaluate(argument[0], above);
            case "Fn::And":
                return argument.EnumerateArray().Select(operand => Evaluate(operand, above)).Aggregate((bool?)true, (left, right) => left & right);
            case "Fn::Or":
                return argument.EnumerateArray().Select(operand => Evaluate(operand, above)).Aggregate((bool?)false, (left, right) => left | right);
            case "Fn::Equals":
                var (decided, comparison) = Compare(argument);
                return decided ?? (assumed.TryGetValue(comparison, out var truth) ? truth : null);
            default:
                return null;
        }
    }

    private (bool? Decided, string Comparison) Compare(JsonElement operands)
    {
        var intrinsics = new Intrinsics(template, this);
        var left = intrinsics.Resolve(operands[0]);
        var right = intrinsics.Resolve(operands[1]);
        var comparison = $"{left} = {right}";
        return left is Scalar && right is Scalar || left.ToString() == right.ToString() ? (left.ToString() == right.ToString(), comparison) : (null, comparison);
    }

    private void Visit(string name, List<string> open, HashSet<string> seen)
    {
        if (seen.Add(name) && template.Entry("Conditions", name) is { } condition)
        {
            Visit(condition, open, seen);
        }
    }

    private void Visit(JsonElement condition, List<string> open, HashSet<string> seen)
    {
        if (!Intrinsics.TryGetFunction(condition, out var function, out var argument))
        {
            return;
        }

        if (function == "Condition")
        {
            Visit(argument.GetString() ?? "", open, seen);
        }
        else if (function == "Fn::Equals")
        {
            var (decided, comparison) = Compare(argument);
            if (decided is null)
            {
                open.Add(comparison);
            }
        }
        else if (argument.ValueKind == JsonValueKind.Array)
        {
            foreach (var operand in argument.EnumerateArray())
            {
                Visit(operand, open, seen);
            }
        }
    }
}
