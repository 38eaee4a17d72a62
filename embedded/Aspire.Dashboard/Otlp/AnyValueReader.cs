using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads OTLP's AnyValue as people read it: arrays and maps as JSON, bytes as Base64.</summary>
internal sealed class AnyValueReader(int maxLength, StringPool strings)
{
    private const int String = (1 << 3) | WireReader.Bytes;
    private const int Bool = (2 << 3) | WireReader.Varint;
    private const int Int = (3 << 3) | WireReader.Varint;
    private const int Double = (4 << 3) | WireReader.Fixed64;
    private const int Array = (5 << 3) | WireReader.Bytes;
    private const int Map = (6 << 3) | WireReader.Bytes;
    private const int Binary = (7 << 3) | WireReader.Bytes;
    private const int Items = (1 << 3) | WireReader.Bytes;
    private const int Key = (1 << 3) | WireReader.Bytes;
    private const int Value = (2 << 3) | WireReader.Bytes;

    /// <summary>What is nested deeper is shown as an ellipsis.</summary>
    private const int MaxDepth = 16;
    private const string Ellipsis = "…";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>How many values were cut.</summary>
    public int Truncated { get; private set; }

    public string Read(ReadOnlySpan<byte> message)
    {
        // Of several fields of a oneof the last one counts.
        var result = "";
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case String:
                    result = ReadString(reader.ReadBytes());
                    break;
                case Bool:
                    result = reader.ReadVarint() != 0 ? "true" : "false";
                    break;
                case Int:
                    result = ((long)reader.ReadVarint()).ToString(CultureInfo.InvariantCulture);
                    break;
                case Double:
                    result = reader.ReadDouble().ToString("R", CultureInfo.InvariantCulture);
                    break;
                case Binary:
                    result = Base64(reader.ReadBytes());
                    break;
                case Array or Map:
                    result = Json(tag, reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return result;
    }

    /// <summary>A string, cut to the limit; what is no UTF-8 becomes U+FFFD.</summary>
    public string ReadString(ReadOnlySpan<byte> utf8)
    {
        // A character has at most three bytes, or four for two.
        var isLonger = utf8.Length > 3L * maxLength;
        return Cut(strings.Get(isLonger ? utf8[..(3 * maxLength)] : utf8), isLonger);
    }

    private string Base64(ReadOnlySpan<byte> bytes)
    {
        var isLonger = bytes.Length > maxLength;
        return Cut(Convert.ToBase64String(isLonger ? bytes[..maxLength] : bytes), isLonger);
    }

    private string Cut(string text, bool isLonger = false)
    {
        if (text.Length <= maxLength)
        {
            Truncated += isLonger ? 1 : 0;
            return text;
        }

        Truncated++;
        return text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }

    private string Json(int tag, ReadOnlySpan<byte> message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, tag, message, depth: 1);
        }

        return Cut(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private void Write(Utf8JsonWriter writer, int tag, ReadOnlySpan<byte> message, int depth)
    {
        if (tag == Array)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartObject();
        }

        var reader = new WireReader(message);
        while (reader.TryReadTag(out var field))
        {
            if (field != Items)
            {
                reader.Skip(field);
                continue;
            }

            var item = reader.ReadBytes();
            if (writer.BytesCommitted + writer.BytesPending > maxLength)
            {
                continue; // It is cut anyway.
            }

            if (tag == Array)
            {
                WriteValue(writer, item, depth);
            }
            else
            {
                WriteProperty(writer, item, depth);
            }
        }

        if (tag == Array)
        {
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteEndObject();
        }
    }

    private void WriteProperty(Utf8JsonWriter writer, ReadOnlySpan<byte> message, int depth)
    {
        var key = "";
        var value = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Key:
                    key = ReadString(reader.ReadBytes());
                    break;
                case Value:
                    value = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        writer.WritePropertyName(key);
        WriteValue(writer, value, depth);
    }

    private void WriteValue(Utf8JsonWriter writer, ReadOnlySpan<byte> message, int depth)
    {
        // The last field counts, so nothing is written before the end.
        var (kind, number) = (0, 0UL);
        var bytes = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Bool or Int:
                    (kind, number) = (tag, reader.ReadVarint());
                    break;
                case Double:
                    (kind, number) = (tag, reader.ReadFixed64());
                    break;
                case String or Binary or Array or Map:
                    kind = tag;
                    bytes = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        switch (kind)
        {
            case String:
                writer.WriteStringValue(ReadString(bytes));
                break;
            case Binary:
                writer.WriteStringValue(Base64(bytes));
                break;
            case Bool:
                writer.WriteBooleanValue(number != 0);
                break;
            case Int:
                writer.WriteNumberValue((long)number);
                break;
            case Double when BitConverter.UInt64BitsToDouble(number) is var value && double.IsFinite(value):
                writer.WriteNumberValue(value);
                break;
            case Double:
                writer.WriteStringValue(BitConverter.UInt64BitsToDouble(number).ToString(CultureInfo.InvariantCulture));
                break;
            case Array or Map when depth < MaxDepth:
                Write(writer, kind, bytes, depth + 1);
                break;
            case Array or Map:
                Truncated++;
                writer.WriteStringValue(Ellipsis);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}
