using System.Collections.Immutable;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>What somebody who runs the system looks up.</summary>
internal static class FactSections
{
    /// <summary>What costs money.</summary>
    /// <param name="template">The template.</param>
    /// <returns>The section.</returns>
    public static Markup Cost(Template template)
        => Parts.Section(
            "cost",
            "What costs money",
            "What the template has, and what AWS counts. Prices differ by Region and change, so none are written here.",
            Parts.Table(["What", "In this template", "Charged by"], CostFact.Of(template).Select(fact =>
                Row(fact.Item, ("In this template", Text(fact.Found)), ("Charged by", Text(fact.ChargedBy))))));

    /// <summary>SSM parameters and outputs.</summary>
    /// <param name="template">The template.</param>
    /// <returns>The section.</returns>
    public static Markup Names(Template template)
    {
        var parameters = template.Resources.Where(resource => resource.Type == "AWS::SSM::Parameter")
            .OrderBy(parameter => parameter.At("Name")?.ToString(), StringComparer.Ordinal)
            .Select(parameter => Row(
                parameter.At("Name")?.ToString() ?? parameter.Id,
                ("Value", Code(parameter.At("Value"))),
                ("What it is", Text(parameter.At("Description")?.ToString() ?? string.Empty))));
        ImmutableArray<KeyValuePair<string, Value>> outputs = template.Worlds.All[0].Outputs is Mapping mapping ? mapping.Entries : [];
        return Parts.Section("names", "Names and outputs", "What other stacks and people find this one by. ${…} is filled in when it is deployed.", Markup.Of($"""
            <h3>SSM parameters</h3>
            {Parts.Table(["Name", "Value", "What it is"], parameters)}
            <h3>Outputs</h3>
            {Parts.Table(["Name", "Value", "What it is"], outputs.OrderBy(output => output.Key, StringComparer.Ordinal).Select(output => Row(
                output.Key,
                ("Value", Code(output.Value["Value"])),
                ("What it is", Text(output.Value["Description"]?.ToString() ?? string.Empty)))))}
            """));
    }

    /// <summary>Every resource, by type.</summary>
    /// <param name="template">The template.</param>
    /// <returns>The section.</returns>
    public static Markup Resources(Template template)
    {
        var types = template.Resources.GroupBy(resource => resource.Type).OrderBy(type => type.Key, StringComparer.Ordinal).ToImmutableArray();
        return Parts.Section("resources", "Resources", $"{template.Resources.Length} resources of {types.Length} types.", Parts.Table(["Type", "How many", "Logical ids"], types.Select(type =>
            Row(type.Key, ("How many", Markup.Of($"{type.Count()}")), ("Logical ids", Markup.Join(", ", type.Select(resource => resource.Id).Order(StringComparer.Ordinal).Select(Parts.Id)))))));
    }

    /// <summary>What the stack was made with, and what to run next.</summary>
    /// <param name="facts">The facts.</param>
    /// <returns>The section.</returns>
    public static Markup Options(TopologyPageFacts facts)
        => Parts.Section("options", "Options and commands", $"Published for the environment {facts.Environment}.", Markup.Of($"""
            {Parts.Table(["Setting", "Value", "What it does"], facts.Options.Select(option => Row(option.Name, ("Value", Code(option.Value)), ("What it does", Text(option.Meaning)))))}
            {Markup.Lines(facts.Commands.Select(command => Markup.Of($"<h3>{command.Purpose}</h3><code class=\"command\">{command.Line}</code>")))}
            """));

    private static Markup Row(string name, (string Label, Markup Content) first, (string Label, Markup Content) second)
        => Markup.Of($"<tr><th scope=\"row\">{name}</th><td data-label=\"{first.Label}\">{first.Content}</td><td data-label=\"{second.Label}\">{second.Content}</td></tr>");

    private static Markup Text(string text) => Markup.Escape(text);

    private static Markup Code(Value? value) => Code(value?.ToString() ?? string.Empty);

    private static Markup Code(string text) => text.Length == 0 ? Markup.Empty : Markup.Of($"<code>{text}</code>");
}
