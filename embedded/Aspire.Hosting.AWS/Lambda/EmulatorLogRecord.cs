using System.Collections;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>A line that an emulator has written to a resource's log, on its way to the telemetry: its text as it is, and what it is about as an attribute.</summary>
internal sealed class EmulatorLogRecord : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly string _text;
    private readonly KeyValuePair<string, object?> _attribute;

    private EmulatorLogRecord(string text, KeyValuePair<string, object?> attribute) => (_text, _attribute) = (text, attribute);

    public int Count => 1;

    public KeyValuePair<string, object?> this[int index] => index == 0 ? _attribute : throw new ArgumentOutOfRangeException(nameof(index), index.ToString(CultureInfo.InvariantCulture));

    /// <summary>Sends a line, with the span that is the current one.</summary>
    public static void Write(ILogger logger, LogLevel level, string text, string attribute, object? value)
        => logger.Log(level, default, new EmulatorLogRecord(text, new(attribute, value)), exception: null, static (record, _) => record._text);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        yield return _attribute;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _text;
}
