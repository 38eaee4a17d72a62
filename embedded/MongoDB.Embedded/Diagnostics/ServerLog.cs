using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MongoDB.Embedded.Diagnostics;

/// <summary>
/// Log lines in the server's format ("Log Messages" in the manual): one JSON object a line. Attributes are figures, names and
/// messages; no caller passes document contents or credentials.
/// <example>
/// {"t":{"$date":"2026-01-31T12:00:00.000+00:00"},"s":"I","c":"NETWORK","id":23016,"ctx":"listener","msg":"Waiting for connections","attr":{"port":27017}}
/// </example>
/// </summary>
internal sealed class ServerLog
{
    private const int KeptLines = 1024;

    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private Stream? _output;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Queue<string> _recent = new();
    private long _total;

    /// <param name="output">Where lines go; null keeps the recent ones in memory only.</param>
    public ServerLog(Stream? output) => _output = output;

    /// <summary>Called with each line, for tests.</summary>
    public Action<string>? OnLine { get; init; }

    public void Info(string component, int id, string message, params ReadOnlySpan<(string Name, object? Value)> attributes) =>
        Write("I", component, id, message, attributes);

    public void Warning(string component, int id, string message, params ReadOnlySpan<(string Name, object? Value)> attributes) =>
        Write("W", component, id, message, attributes);

    public void Error(string component, int id, string message, params ReadOnlySpan<(string Name, object? Value)> attributes) =>
        Write("E", component, id, message, attributes);

    /// <summary>The last lines, for getLog, and how many there have been.</summary>
    public (string[] Lines, long Total) Recent()
    {
        lock (_gate)
        {
            return ([.. _recent], _total);
        }
    }

    private void Write(string severity, string component, int id, string message, ReadOnlySpan<(string Name, object? Value)> attributes)
    {
        string line;
        lock (_gate)
        {
            _buffer.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_buffer, JsonOptions))
            {
                json.WriteStartObject();
                json.WriteStartObject("t");
                json.WriteString("$date", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", System.Globalization.CultureInfo.InvariantCulture));
                json.WriteEndObject();
                json.WriteString("s", severity);
                json.WriteString("c", component);
                json.WriteNumber("id", id);
                json.WriteString("ctx", Thread.CurrentThread.Name ?? "main");
                json.WriteString("msg", message);
                if (!attributes.IsEmpty)
                {
                    json.WriteStartObject("attr");
                    foreach ((string name, object? value) in attributes)
                    {
                        json.WritePropertyName(name);
                        WriteValue(json, value);
                    }
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            line = Encoding.UTF8.GetString(_buffer.WrittenSpan);
            _buffer.Write("\n"u8);
            Output(_buffer.WrittenSpan);
            _total++;
            _recent.Enqueue(line);
            if (_recent.Count > KeptLines)
            {
                _recent.Dequeue();
            }
        }
        OnLine?.Invoke(line);
    }

    private void Output(ReadOnlySpan<byte> line)
    {
        try
        {
            _output?.Write(line);
            _output?.Flush();
        }
        catch (IOException)
        {
            // Whoever read the output is gone. The server goes on; getLog still has the recent lines.
            _output = null;
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(value.ToString());
                break;
        }
    }
}
