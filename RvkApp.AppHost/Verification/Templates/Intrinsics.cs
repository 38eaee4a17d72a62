using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// Resolves intrinsic functions as far as the template alone allows. Parameters stand for their default; what is known only when the template is
/// deployed stays symbolic, and two equal expressions stay equal.
/// </summary>
internal sealed class Intrinsics(Template template, Conditions conditions)
{
    private const int MaximumDepth = 64;
    private int _depth;

    /// <summary>Whether an element is a function: an object of the one property <c>Ref</c>, <c>Condition</c> or <c>Fn::…</c>.</summary>
    public static bool TryGetFunction(JsonElement element, out string function, out JsonElement argument)
    {
        function = "";
        argument = default;
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1)
        {
            return false;
        }

        var property = element.EnumerateObject().First();
        (function, argument) = (property.Name, property.Value);
        return function.StartsWith("Fn::", StringComparison.Ordinal) || function == "Ref" || (function == "Condition" && argument.ValueKind == JsonValueKind.String);
    }

    /// <summary>Resolves a value.</summary>
    public Value Resolve(JsonElement element) => ResolveOrNothing(element) ?? new Opaque("AWS::NoValue", "it is AWS::NoValue where a value is needed", []);

    /// <summary>Resolves a value; <see langword="null"/> for <c>AWS::NoValue</c>, which takes the property away.</summary>
    private Value? ResolveOrNothing(JsonElement element)
    {
        if (++_depth > MaximumDepth)
        {
            throw new TemplateException($"{template.Name} nests values more than {MaximumDepth} deep: simplify it.");
        }

        try
        {
            if (TryGetFunction(element, out var function, out var argument))
            {
                return Apply(function, argument);
            }

            return element.ValueKind switch
            {
                JsonValueKind.Object => new Mapping(
                [
                    .. element.EnumerateObject().Select(property => (property.Name, Value: ResolveOrNothing(property.Value)))
                        .Where(property => property.Value is not null).Select(property => KeyValuePair.Create(property.Name, property.Value!)),
                ]),
                JsonValueKind.Array => new Sequence([.. element.EnumerateArray().Select(ResolveOrNothing).OfType<Value>()]),
                JsonValueKind.String => new Scalar(element.GetString()!),
                JsonValueKind.True => new Scalar("true"),
                JsonValueKind.False => new Scalar("false"),
                JsonValueKind.Null => null,
                _ => new Scalar(element.GetRawText()),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private Value? Apply(string function, JsonElement argument) => function switch
    {
        "Ref" => Ref(argument.GetString() ?? ""),
        "Fn::GetAtt" => GetAtt(argument),
        "Fn::If" => If(argument),
        "Fn::Sub" => Sub(argument),
        "Fn::Join" => Join(argument),
        "Fn::Select" => Select(argument),
        "Fn::Split" => Split(argument),
        "Fn::FindInMap" => FindInMap(argument),
        "Fn::Cidr" => Cidr(argument),
        "Fn::ImportValue" => Unknown(function, "it is exported by another stack", argument),
        "Fn::GetAZs" => Unknown(function, "availability zones are known only when the template is deployed", argument),
        "Condition" => new Scalar(argument.GetString()!),
        _ => Unknown(function, $"{function} is not evaluated here", argument),
    };

    private Value? Ref(string name)
    {
        if (name == "AWS::NoValue")
        {
            return null;
        }

        if (template.Entry("Parameters", name) is not { } parameter)
        {
            return new Reference(name, null);
        }

        // A parameter of an SSM type has the name of the SSM parameter for its default, not the value.
        var type = parameter.TryGetProperty("Type", out var declared) ? declared.GetString() ?? "" : "";
        if (type.StartsWith("AWS::SSM::", StringComparison.Ordinal) || !parameter.TryGetProperty("Default", out var value))
        {
            return new Reference(name, null);
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        var isList = type == "CommaDelimitedList" || type.StartsWith("List<", StringComparison.Ordinal);
        return isList ? new Sequence([.. text.Split(',').Select(item => new Scalar(item.Trim()))]) : new Scalar(text);
    }

    private Reference GetAtt(JsonElement argument)
    {
        if (argument.ValueKind == JsonValueKind.Array)
        {
            return new(argument[0].GetString() ?? "", string.Join('.', argument.EnumerateArray().Skip(1).Select(part => Resolve(part).ToString())));
        }

        var (id, attribute) = SplitOnce(argument.GetString() ?? "", '.');
        return new(id, attribute);
    }

    private Value? If(JsonElement argument) => conditions.Holds(argument[0].GetString() ?? "") switch
    {
        true => ResolveOrNothing(argument[1]),
        false => ResolveOrNothing(argument[2]),
        null => Unknown("Fn::If", $"the condition {argument[0]} cannot be decided", argument),
    };

    private Value Sub(JsonElement argument)
    {
        var text = (argument.ValueKind == JsonValueKind.Array ? argument[0] : argument).GetString() ?? "";
        var variables = argument.ValueKind == JsonValueKind.Array ? Resolve(argument[1]) : Mapping.Empty;
        var parts = new List<Value>();
        var position = 0;
        while (text.IndexOf("${", position, StringComparison.Ordinal) is >= 0 and var start && text.IndexOf('}', start) is >= 0 and var end)
        {
            parts.Add(new Scalar(text[position..start]));
            var name = text[(start + 2)..end].Trim();
            position = end + 1;
            if (name.StartsWith('!'))
            {
                parts.Add(new Scalar($"${{{name[1..]}}}"));
                continue;
            }

            var (id, attribute) = SplitOnce(name, '.');
            parts.Add(variables[name] ?? (attribute is null ? Ref(id) ?? new Scalar("") : new Reference(id, attribute)));
        }

        parts.Add(new Scalar(text[position..]));
        return Text.Concatenate(parts);
    }

    private Value Join(JsonElement argument)
    {
        var delimiter = argument[0].GetString() ?? "";
        if (Resolve(argument[1]) is not Sequence list)
        {
            return Unknown("Fn::Join", "the list is not known", argument);
        }

        return Text.Concatenate(list.Elements.SelectMany((item, index) => index == 0 ? [item] : new[] { new Scalar(delimiter), item }));
    }

    private Value Select(JsonElement argument)
    {
        if (Resolve(argument[0]).AsInt is { } index && Resolve(argument[1]) is Sequence list && index >= 0 && index < list.Elements.Length)
        {
            return list.Elements[index];
        }

        return Unknown("Fn::Select", "the list is known only when the template is deployed", argument);
    }

    private Value Split(JsonElement argument)
    {
        var delimiter = argument[0].GetString() ?? "";
        return (Value?)Text.Split(Resolve(argument[1]), delimiter) ?? Unknown("Fn::Split", "the text is known only when the template is deployed", argument);
    }

    private Value FindInMap(JsonElement argument)
    {
        var keys = argument.EnumerateArray().Take(3).Select(key => Resolve(key).AsText).ToArray();
        if (keys is [{ } map, { } top, { } second] && template.Entry("Mappings", map) is { } mapping
            && mapping.TryGetProperty(top, out var row) && row.TryGetProperty(second, out var value))
        {
            return Resolve(value);
        }

        return Unknown("Fn::FindInMap", "its keys are known only when the template is deployed", argument);
    }

    private Value Cidr(JsonElement argument)
    {
        var block = Resolve(argument[0]);
        if (block is Reference { Attribute: "CidrBlock" } reference && template.Entry("Resources", reference.Id) is { } resource
            && resource.TryGetProperty("Properties", out var properties) && properties.TryGetProperty("CidrBlock", out var written))
        {
            block = Resolve(written);
        }

        if (AddressRange.TryParse(block.AsText, out var range) && Resolve(argument[1]).AsInt is { } count && count is > 0 and <= 256
            && (argument.GetArrayLength() < 3 ? 8 : Resolve(argument[2]).AsInt) is { } hostBits && range.Subdivide(count, hostBits) is { } blocks)
        {
            return new Sequence([.. blocks.Select(part => new Scalar(part.ToString()))]);
        }

        return Unknown("Fn::Cidr", "the address range is known only when the template is deployed", argument);
    }

    private Opaque Unknown(string function, string reason, JsonElement argument)
    {
        var input = argument.ValueKind == JsonValueKind.Array
            ? new Sequence([.. argument.EnumerateArray().Select(ResolveOrNothing).OfType<Value>()])
            : ResolveOrNothing(argument) ?? new Scalar("AWS::NoValue");
        return new(string.Create(CultureInfo.InvariantCulture, $"{function} {input}"), reason, [input]);
    }

    private static (string Head, string? Tail) SplitOnce(string text, char separator) =>
        text.IndexOf(separator) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, null);
}
