using System.Globalization;
using System.Text;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// Documents as text: <see cref="ToShell(BsonValue)"/> in the server's own notation, which its error messages quote
/// (<c>{ a: 1, b: "x" }</c>), and <see cref="ToRelaxedJson(BsonDoc)"/> in relaxed extended JSON, for logs.
/// </summary>
internal static partial class BsonText
{
    public static string ToShell(BsonDoc document) => ToShell(BsonValue.Document(document));

    public static string ToShell(BsonValue value)
    {
        var text = new StringBuilder();
        Shell(text, value);
        return text.ToString();
    }

    /// <summary>A number as the server prints a double: shortest round trip, with ".0" when it would look like an integer.</summary>
    public static string DoubleText(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan.0" : value > 0 ? "inf.0" : "-inf.0";
        }
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text.Replace("E", "e", StringComparison.Ordinal);
    }

    private static void Shell(StringBuilder text, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Document:
                ShellMembers(text, value.AsDocument, "{", "}", names: true);
                break;
            case BsonType.Array:
                ShellMembers(text, value.AsDocument, "[", "]", names: false);
                break;
            case BsonType.String or BsonType.Symbol:
                text.Append('"').Append(value.AsString).Append('"');
                break;
            case BsonType.Double:
                text.Append(DoubleText(value.AsDouble));
                break;
            case BsonType.Int32 or BsonType.Int64:
                text.Append(value.IntegerBits);
                break;
            case BsonType.Decimal128:
                text.Append(value.AsDecimal);
                break;
            case BsonType.Boolean:
                text.Append(value.AsBoolean ? "true" : "false");
                break;
            case BsonType.Null:
                text.Append("null");
                break;
            case BsonType.Undefined:
                text.Append("undefined");
                break;
            case BsonType.ObjectId:
                text.Append("ObjectId('").Append(value.AsObjectId).Append("')");
                break;
            case BsonType.DateTime:
                text.Append("new Date(").Append(value.AsDateTimeMs).Append(')');
                break;
            case BsonType.Timestamp:
                text.Append("Timestamp(").Append(value.AsTimestamp >> 32).Append(", ").Append((uint)value.AsTimestamp).Append(')');
                break;
            case BsonType.Regex:
                text.Append('/').Append(value.AsRegex.Pattern).Append('/').Append(value.AsRegex.Options);
                break;
            case BsonType.Binary:
                text.Append("BinData(").Append(value.BinarySubtype).Append(", ").Append(Convert.ToHexString(value.BinaryBytes)).Append(')');
                break;
            case BsonType.MinKey:
                text.Append("MinKey");
                break;
            case BsonType.MaxKey:
                text.Append("MaxKey");
                break;
            case BsonType.JavaScript:
                text.Append(value.AsString);
                break;
            case BsonType.JavaScriptWithScope:
                (string code, BsonDoc scope) = value.AsJavaScriptWithScope;
                text.Append("CodeWScope( ").Append(code).Append(", ");
                Shell(text, BsonValue.Document(scope));
                text.Append(')');
                break;
            case BsonType.DbPointer:
                text.Append("DBRef(").Append(Convert.ToHexString(value.RawSlice)).Append(')');
                break;
            default:
                text.Append("EOO");
                break;
        }
    }

    private static void ShellMembers(StringBuilder text, BsonDoc document, string open, string close, bool names)
    {
        text.Append(open);
        bool first = true;
        foreach (BsonElement element in document)
        {
            text.Append(first ? " " : ", ");
            first = false;
            if (names)
            {
                text.Append(element.Name).Append(": ");
            }
            Shell(text, element.Value);
        }
        text.Append(first ? "" : " ").Append(close);
    }
}
