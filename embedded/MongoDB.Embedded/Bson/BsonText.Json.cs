using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MongoDB.Embedded.Bson;

internal static partial class BsonText
{
    private static readonly JsonWriterOptions JsonOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1000,
        SkipValidation = true,
    };

    /// <summary>Relaxed extended JSON ("MongoDB Extended JSON (v2)"), on one line.</summary>
    public static string ToRelaxedJson(BsonDoc document)
    {
        var buffer = new ArrayBufferWriter<byte>(document.Length * 2);
        using (var json = new Utf8JsonWriter(buffer, JsonOptions))
        {
            WriteMembers(json, document);
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Writes one value as relaxed extended JSON where the writer stands.</summary>
    public static void WriteRelaxedJson(Utf8JsonWriter json, BsonValue value)
    {
        switch (value.Type)
        {
            case BsonType.Document:
                WriteMembers(json, value.AsDocument);
                break;
            case BsonType.Array:
                json.WriteStartArray();
                foreach (BsonElement element in value.AsDocument)
                {
                    WriteRelaxedJson(json, element.Value);
                }
                json.WriteEndArray();
                break;
            case BsonType.String:
                json.WriteStringValue(value.StringUtf8);
                break;
            case BsonType.Int32 or BsonType.Int64:
                json.WriteNumberValue(value.IntegerBits);
                break;
            case BsonType.Double when double.IsFinite(value.AsDouble):
                json.WriteRawValue(DoubleText(value.AsDouble), skipInputValidation: true);
                break;
            case BsonType.Boolean:
                json.WriteBooleanValue(value.AsBoolean);
                break;
            case BsonType.Null or BsonType.Missing:
                json.WriteNullValue();
                break;
            default:
                WriteTyped(json, value);
                break;
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, BsonDoc document)
    {
        json.WriteStartObject();
        foreach (BsonElement element in document)
        {
            json.WritePropertyName(element.NameUtf8);
            WriteRelaxedJson(json, element.Value);
        }
        json.WriteEndObject();
    }

    // The types JSON lacks, each as an object whose member names the type.
    private static void WriteTyped(Utf8JsonWriter json, BsonValue value)
    {
        json.WriteStartObject();
        switch (value.Type)
        {
            case BsonType.Double:
                double d = value.AsDouble;
                json.WriteString("$numberDouble", double.IsNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
                break;
            case BsonType.Decimal128:
                json.WriteString("$numberDecimal", value.AsDecimal.ToString());
                break;
            case BsonType.ObjectId:
                json.WriteString("$oid", value.AsObjectId.ToString());
                break;
            case BsonType.DateTime:
                WriteDate(json, value.AsDateTimeMs);
                break;
            case BsonType.Timestamp:
                json.WriteStartObject("$timestamp");
                json.WriteNumber("t", value.AsTimestamp >> 32);
                json.WriteNumber("i", (uint)value.AsTimestamp);
                json.WriteEndObject();
                break;
            case BsonType.Binary:
                json.WriteStartObject("$binary");
                json.WriteBase64String("base64", value.BinaryBytes);
                json.WriteString("subType", value.BinarySubtype.ToString("x2", CultureInfo.InvariantCulture));
                json.WriteEndObject();
                break;
            case BsonType.Regex:
                json.WriteStartObject("$regularExpression");
                json.WriteString("pattern", value.AsRegex.Pattern);
                json.WriteString("options", value.AsRegex.Options);
                json.WriteEndObject();
                break;
            case BsonType.Symbol:
                json.WriteString("$symbol", value.StringUtf8);
                break;
            case BsonType.JavaScript:
                json.WriteString("$code", value.StringUtf8);
                break;
            case BsonType.JavaScriptWithScope:
                json.WriteString("$code", value.AsJavaScriptWithScope.Code);
                json.WritePropertyName("$scope");
                WriteMembers(json, value.AsJavaScriptWithScope.Scope);
                break;
            case BsonType.DbPointer:
                json.WriteBase64String("$dbPointer", value.RawSlice);
                break;
            case BsonType.Undefined:
                json.WriteBoolean("$undefined", true);
                break;
            case BsonType.MinKey:
                json.WriteNumber("$minKey", 1);
                break;
            case BsonType.MaxKey:
                json.WriteNumber("$maxKey", 1);
                break;
            default:
                throw new InvalidOperationException($"no JSON form for {value.Type}");
        }
        json.WriteEndObject();
    }

    private static void WriteDate(Utf8JsonWriter json, long ms)
    {
        // Relaxed form is ISO 8601 for the years 1970 to 9999.
        if (ms is >= 0 and < 253402300800000)
        {
            string iso = DateTime.UnixEpoch.AddMilliseconds(ms).ToString(
                ms % 1000 == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            json.WriteString("$date", iso);
        }
        else
        {
            json.WriteStartObject("$date");
            json.WriteString("$numberLong", ms.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
    }
}
