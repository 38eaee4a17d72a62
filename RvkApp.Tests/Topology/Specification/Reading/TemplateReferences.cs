using System.Text.Json;
using System.Text.RegularExpressions;

namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>A place in a template that names something of the template.</summary>
/// <param name="Kind">How: Ref, GetAtt, Sub, Condition, DependsOn.</param>
/// <param name="Name">What: a logical id, a parameter, a pseudo parameter or a condition.</param>
/// <param name="Path">Where.</param>
internal sealed record TemplateReference(string Kind, string Name, string Path);

/// <summary>Finds what a template says refers to something else.</summary>
internal static partial class TemplateReferences
{
    /// <summary>Every Ref, GetAtt and Sub in a value.</summary>
    public static IEnumerable<TemplateReference> In(TemplateValue value)
    {
        if (value.Members is [var (name, argument)])
        {
            switch (name)
            {
                case "Ref" when argument.Json is { ValueKind: JsonValueKind.String } id:
                    return [new("Ref", id.GetString()!, value.Path)];
                case "Fn::GetAtt" when argument.Items.Count == 2:
                    return [new("GetAtt", argument[0].Text, value.Path), .. In(argument[1])];
                case "Fn::GetAtt" when argument.Json is { ValueKind: JsonValueKind.String } attribute:
                    return [new("GetAtt", attribute.GetString()!.Split('.')[0], value.Path)];
                case "Fn::Sub":
                    return InSubstitution(argument);
            }
        }

        return value.Items.SelectMany(In).Concat(value.Members.Where(m => m.Name != "Metadata" || value.Path.Contains('.')).SelectMany(m => In(m.Value)));
    }

    /// <summary>Every condition that a value names: Fn::If, {"Condition": name} and a resource's own.</summary>
    public static IEnumerable<TemplateReference> ConditionsIn(TemplateValue value)
    {
        foreach (var (name, member) in value.Members)
        {
            if (name == "Fn::If")
            {
                yield return new("Condition", member[0].Text, value.Path);
            }
            else if (name == "Condition" && member.Json is { ValueKind: JsonValueKind.String } condition)
            {
                yield return new("Condition", condition.GetString()!, value.Path);
            }
        }

        foreach (var found in value.Items.Concat(value.Members.Select(m => m.Value)).SelectMany(ConditionsIn))
        {
            yield return found;
        }
    }

    private static IEnumerable<TemplateReference> InSubstitution(TemplateValue argument)
    {
        var (text, own) = argument.Items.Count > 0 ? (argument[0].Text, argument[1].Members) : (argument.Text, []);
        var names = own.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        return Variable().Matches(text).Select(m => m.Groups["name"].Value).Where(name => !names.Contains(name))
            .Select(name => new TemplateReference("Sub", name.Split('.')[0], argument.Path))
            .Concat(own.SelectMany(m => In(m.Value)));
    }

    // ${LogicalId}, ${LogicalId.Attribute}, ${AWS::Region}; ${!Literal} stays as it is
    [GeneratedRegex(@"\$\{(?<name>[^!}][^}]*)\}")]
    private static partial Regex Variable();
}
