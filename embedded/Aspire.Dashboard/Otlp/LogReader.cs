using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads an ExportLogsServiceRequest (opentelemetry/proto/logs/v1/logs.proto).</summary>
internal sealed class LogReader(TelemetryStore store) : RecordReader(store)
{
    private const int Request_ResourceLogs = (1 << 3) | WireReader.Bytes;
    private const int ResourceLogs_Resource = (1 << 3) | WireReader.Bytes;
    private const int ResourceLogs_ScopeLogs = (2 << 3) | WireReader.Bytes;
    private const int ScopeLogs_Scope = (1 << 3) | WireReader.Bytes;
    private const int ScopeLogs_Records = (2 << 3) | WireReader.Bytes;
    private const int Record_Time = (1 << 3) | WireReader.Fixed64;
    private const int Record_SeverityNumber = (2 << 3) | WireReader.Varint;
    private const int Record_SeverityText = (3 << 3) | WireReader.Bytes;
    private const int Record_Body = (5 << 3) | WireReader.Bytes;
    private const int Record_Attributes = (6 << 3) | WireReader.Bytes;
    private const int Record_TraceId = (9 << 3) | WireReader.Bytes;
    private const int Record_SpanId = (10 << 3) | WireReader.Bytes;
    private const int Record_ObservedTime = (11 << 3) | WireReader.Fixed64;

    private readonly List<LogEntry> _entries = [];

    /// <exception cref="MalformedTelemetryException">It is none.</exception>
    public IReadOnlyList<LogEntry> Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == Request_ResourceLogs)
            {
                ReadResourceLogs(reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return _entries;
    }

    private void ReadResourceLogs(ReadOnlySpan<byte> message)
    {
        var resource = ReadResource(Field(message, ResourceLogs_Resource));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == ResourceLogs_ScopeLogs)
            {
                ReadScopeLogs(reader.ReadBytes(), resource);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private void ReadScopeLogs(ReadOnlySpan<byte> message, TelemetryResource resource)
    {
        var scope = ReadScope(Field(message, ScopeLogs_Scope));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != ScopeLogs_Records)
            {
                reader.Skip(tag);
            }
            else if (ReadRecord(reader.ReadBytes(), resource, scope) is { } entry)
            {
                _entries.Add(entry);
            }
            else
            {
                Refused++;
            }
        }
    }

    private LogEntry? ReadRecord(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope? scope)
    {
        TraceId traceId = default;
        SpanId spanId = default;
        var (hasIds, time, observed, severity) = (true, 0UL, 0UL, 0UL);
        string severityText = "", body = "";
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Record_Time:
                    time = reader.ReadFixed64();
                    break;
                case Record_ObservedTime:
                    observed = reader.ReadFixed64();
                    break;
                case Record_SeverityNumber:
                    severity = reader.ReadVarint();
                    break;
                case Record_SeverityText:
                    severityText = ReadString(reader.ReadBytes());
                    break;
                case Record_Body:
                    body = ReadValue(reader.ReadBytes());
                    break;
                case Record_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                case Record_TraceId:
                    hasIds &= TryReadTraceId(reader.ReadBytes(), out traceId);
                    break;
                case Record_SpanId:
                    hasIds &= TryReadSpanId(reader.ReadBytes(), out spanId);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeAttributes(attributes);
        if (!hasIds || scope is null)
        {
            return null;
        }

        return new LogEntry
        {
            Resource = resource,
            Scope = scope,
            TimeUtc = time != 0 ? ToTime(time) : observed != 0 ? ToTime(observed) : Now,
            Severity = severity is >= 1 and <= 24 ? (LogSeverity)((severity + 3) / 4) : FromText(severityText),
            Message = body,
            TraceId = traceId,
            SpanId = spanId,
            Attributes = taken,
        };
    }

    /// <summary>The severity of a record that has only a text for it.</summary>
    private static LogSeverity FromText(string text) => text.ToUpperInvariant() switch
    {
        "TRACE" => LogSeverity.Trace,
        "DEBUG" => LogSeverity.Debug,
        "INFO" or "INFORMATION" => LogSeverity.Information,
        "WARN" or "WARNING" => LogSeverity.Warning,
        "ERROR" => LogSeverity.Error,
        "FATAL" or "CRITICAL" => LogSeverity.Critical,
        _ => LogSeverity.Unspecified,
    };
}
