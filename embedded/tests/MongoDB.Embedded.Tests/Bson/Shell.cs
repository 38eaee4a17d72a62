using System.Globalization;
using System.Text;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Tests.Bson;

/// <summary>
/// Documents in the shell's notation, so that a case fits on a line: unquoted names, either quote, NumberLong(1),
/// NumberDecimal("1"), ISODate("…"), ObjectId("…"), /pattern/i, HexData(0, "ff"), MinKey, undefined. A number with a point
/// or exponent is a double, another one an int or, when too large, a long.
/// <see cref="Print(BsonValue)"/> gives the same notation back with every type distinguishable.
/// </summary>
internal static class Shell
{
    public static BsonDoc Doc(string text) => Value(text).AsDocument;

    public static BsonDoc Array(string text) => Value(text).AsDocument;

    public static BsonValue Value(string text)
    {
        var reader = new ShellReader(text);
        BsonValue value = reader.ReadValue();
        reader.ExpectEnd();
        return value;
    }

    public static string Print(BsonDoc document) => Print(BsonValue.Document(document));

    public static string Print(BsonValue value)
    {
        var text = new StringBuilder();
        Print(text, value);
        return text.ToString();
    }

    /// <summary>The notation of a text brought into the printed form, for comparing.</summary>
    public static string Normal(string text) => text == "missing" ? text : Print(Value(text));

    private static void Print(StringBuilder text, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Missing:
                text.Append("missing");
                break;
            case BsonType.Document or BsonType.Array:
                text.Append(value.IsArray ? '[' : '{');
                string separator = "";
                foreach (BsonElement element in value.AsDocument)
                {
                    text.Append(separator);
                    separator = ", ";
                    if (value.IsDocument)
                    {
                        text.Append(element.Name).Append(": ");
                    }
                    Print(text, element.Value);
                }
                text.Append(value.IsArray ? ']' : '}');
                break;
            case BsonType.String:
                text.Append('"').Append(value.AsString.Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
                break;
            case BsonType.Int64:
                text.Append(CultureInfo.InvariantCulture, $"NumberLong({value.AsInt64})");
                break;
            case BsonType.Decimal128:
                text.Append(CultureInfo.InvariantCulture, $"NumberDecimal(\"{value.AsDecimal}\")");
                break;
            case BsonType.Double when value.AsDouble == 0 && double.IsNegative(value.AsDouble):
                text.Append("-0.0");
                break;
            case BsonType.Double when !double.IsFinite(value.AsDouble):
                text.Append(value.AsDouble.ToString(CultureInfo.InvariantCulture));
                break;
            case BsonType.DateTime:
                text.Append(CultureInfo.InvariantCulture, $"Date({value.AsDateTimeMs})");
                break;
            case BsonType.Symbol:
                text.Append(CultureInfo.InvariantCulture, $"Symbol(\"{value.AsString}\")");
                break;
            case BsonType.JavaScript:
                text.Append(CultureInfo.InvariantCulture, $"Code(\"{value.AsString}\")");
                break;
            default:
                text.Append(BsonText.ToShell(value));
                break;
        }
    }
}
