using System.Text;
using System.Text.Json;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// Reads the values of public event objects. They are made only when an application asks for one, so what counts here is little code, not speed.
/// Each stands on a property's name when it is called.
/// </summary>
internal static class EventObjectReader
{
    /// <summary>A text as it is, null for null, and anything else as its JSON.</summary>
    public static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return Value(ref json);
    }

    public static long Number(ref Utf8JsonReader json)
    {
        json.Read();
        var number = json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? value : 0;
        json.Skip();
        return number;
    }

    /// <summary>An array of texts, added to those that are there; null when it is no array.</summary>
    public static List<string>? Texts(ref Utf8JsonReader json, List<string>? texts)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return texts;
        }

        texts ??= [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (Value(ref json) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>An object of texts; null when it is no object.</summary>
    public static Dictionary<string, string>? Map(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var map = new Dictionary<string, string>();
        while (EventReader.Next(ref json))
        {
            map[json.GetString()!] = Text(ref json)!;
        }

        return map;
    }

    /// <summary>An object of arrays of texts; null when it is no object.</summary>
    public static Dictionary<string, IList<string>>? MultiMap(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var map = new Dictionary<string, IList<string>>();
        while (EventReader.Next(ref json))
        {
            var name = json.GetString()!;
            map[name] = Texts(ref json, null) ?? [];
        }

        return map;
    }

    /// <summary>An object of any values, as the package's serializer makes them: a <see cref="JsonElement"/> each, or null. False when it is no object.</summary>
    public static bool Values(ref Utf8JsonReader json, IDictionary<string, object?> values)
    {
        if (!EventReader.Enter(ref json))
        {
            return false;
        }

        while (EventReader.Next(ref json))
        {
            var name = json.GetString()!;
            json.Read();
            var value = JsonElement.ParseValue(ref json);
            values[name] = value.ValueKind == JsonValueKind.Null ? null : value;
        }

        return true;
    }

    private static string? Value(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.Null:
                return json.GetString();
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return JsonElement.ParseValue(ref json).GetRawText();
            default:
                return Encoding.UTF8.GetString(json.ValueSpan);
        }
    }
}
