using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>A value somewhere in a template, with the path that leads there; it may be absent, and says so only when it is read.</summary>
internal readonly record struct TemplateValue(PublishedTemplate Template, string Path, JsonElement? Json)
{
    public bool Exists => Json is { ValueKind: not JsonValueKind.Null };

    /// <summary>A member, absent when this is no object or has none of that name.</summary>
    public TemplateValue this[string name]
        => new(Template, $"{Path}.{name}", Json is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var member) ? member : null);

    /// <summary>An element of a list, absent when there are fewer.</summary>
    public TemplateValue this[int index] => index < Items.Count ? Items[index] : new(Template, $"{Path}[{index}]", null);

    /// <summary>The elements; none when this is no list.</summary>
    public IReadOnlyList<TemplateValue> Items
    {
        get
        {
            var (template, path) = (Template, Path);
            return Json is { ValueKind: JsonValueKind.Array } a ? [.. a.EnumerateArray().Select((item, i) => new TemplateValue(template, $"{path}[{i}]", item))] : [];
        }
    }

    /// <summary>The elements of a list, or this alone: IAM and EventBridge take either.</summary>
    public IReadOnlyList<TemplateValue> OneOrMany => !Exists ? [] : Json!.Value.ValueKind == JsonValueKind.Array ? Items : [this];

    /// <summary>The members; none when this is no object.</summary>
    public IReadOnlyList<(string Name, TemplateValue Value)> Members
    {
        get
        {
            var (template, path) = (Template, Path);
            return Json is { ValueKind: JsonValueKind.Object } o ? [.. o.EnumerateObject().Select(m => (m.Name, new TemplateValue(template, $"{path}.{m.Name}", m.Value)))] : [];
        }
    }

    /// <summary>
    /// The value as text, with a placeholder where only a deployment knows: <c>${LogicalId}</c> for a Ref, <c>${LogicalId.Attribute}</c> for a GetAtt.
    /// Joins are joined and substitutions made.
    /// </summary>
    public string Text
    {
        get
        {
            Assert.True(Exists, $"{Path} is missing.");
            return Render(this);
        }
    }

    /// <summary><see cref="Text"/>, or null when the value is absent.</summary>
    public string? OptionalText => Exists ? Text : null;

    /// <summary>A number; CloudFormation takes it as text too.</summary>
    public double Number
    {
        get
        {
            var text = Text;
            Assert.True(double.TryParse(text, CultureInfo.InvariantCulture, out var number), $"{Path} is no number but '{text}'.");
            return number;
        }
    }

    /// <summary>Whether the value is true; CloudFormation takes it as text too. Absent is false.</summary>
    public bool IsTrue => OptionalText is "true" or "True";

    /// <summary>The one resource that the value names by Ref, GetAtt or inside a Join or Sub.</summary>
    public PublishedResource Target
    {
        get
        {
            var all = Targets;
            Assert.True(all.Count == 1, $"{Path} should refer to one resource; it refers to {all.Count}: {OptionalText ?? "(missing)"}");
            return all[0];
        }
    }

    /// <summary>Every resource that is named anywhere in the value, once each, in order.</summary>
    public IReadOnlyList<PublishedResource> Targets
    {
        get
        {
            var template = Template;
            return [.. TemplateReferences.In(this).Select(r => r.Name).Distinct().Where(template.Resources.ContainsKey).Select(id => template.Resources[id])];
        }
    }

    public override string ToString() => Exists ? $"{Path} = {Render(this)}" : $"{Path} (missing)";

    private static string Render(TemplateValue value)
    {
        if (value.Json is not { } json)
        {
            return "";
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return json.GetString()!;
        }

        if (value.Members is not [var (name, argument)])
        {
            return json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() ? "true" : "false" : JsonSerializer.Serialize(json);
        }

        return name switch
        {
            "Ref" => $"${{{Render(argument)}}}",
            "Fn::GetAtt" => $"${{{(argument.Items.Count == 2 ? $"{Render(argument[0])}.{Render(argument[1])}" : Render(argument))}}}",
            "Fn::Join" => string.Join(Render(argument[0]), argument[1].Items.Count > 0 ? argument[1].Items.Select(Render) : [Render(argument[1])]),
            "Fn::Sub" => Substitute(argument),
            "Fn::Select" => argument[1].Items.Count > 0 && int.TryParse(Render(argument[0]), CultureInfo.InvariantCulture, out var index)
                ? Render(argument[1][index])
                : $"${{Select {Render(argument[0])} of {Render(argument[1])}}}",
            "Fn::GetAZs" => "zones of " + (Render(argument) is "" or "${AWS::Region}" ? "the region" : Render(argument)),
            _ => JsonSerializer.Serialize(json),
        };
    }

    // {"Fn::Sub": "…${Id}…"} or {"Fn::Sub": ["…${Name}…", {"Name": value}]}
    private static string Substitute(TemplateValue argument)
    {
        var text = new StringBuilder(argument.Items.Count > 0 ? Render(argument[0]) : Render(argument));
        foreach (var (name, value) in argument[1].Members)
        {
            text.Replace($"${{{name}}}", Render(value));
        }

        return text.ToString();
    }
}
