using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads an ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto).</summary>
internal sealed class TraceReader(TelemetryStore store) : RecordReader(store)
{
    private const int Request_ResourceSpans = (1 << 3) | WireReader.Bytes;
    private const int ResourceSpans_Resource = (1 << 3) | WireReader.Bytes;
    private const int ResourceSpans_ScopeSpans = (2 << 3) | WireReader.Bytes;
    private const int ScopeSpans_Scope = (1 << 3) | WireReader.Bytes;
    private const int ScopeSpans_Spans = (2 << 3) | WireReader.Bytes;
    private const int Span_TraceId = (1 << 3) | WireReader.Bytes;
    private const int Span_SpanId = (2 << 3) | WireReader.Bytes;
    private const int Span_ParentSpanId = (4 << 3) | WireReader.Bytes;
    private const int Span_Name = (5 << 3) | WireReader.Bytes;
    private const int Span_Kind = (6 << 3) | WireReader.Varint;
    private const int Span_Start = (7 << 3) | WireReader.Fixed64;
    private const int Span_End = (8 << 3) | WireReader.Fixed64;
    private const int Span_Attributes = (9 << 3) | WireReader.Bytes;
    private const int Span_Events = (11 << 3) | WireReader.Bytes;
    private const int Span_Links = (13 << 3) | WireReader.Bytes;
    private const int Span_Status = (15 << 3) | WireReader.Bytes;
    private const int Event_Time = (1 << 3) | WireReader.Fixed64;
    private const int Event_Name = (2 << 3) | WireReader.Bytes;
    private const int Event_Attributes = (3 << 3) | WireReader.Bytes;
    private const int Link_TraceId = (1 << 3) | WireReader.Bytes;
    private const int Link_SpanId = (2 << 3) | WireReader.Bytes;
    private const int Link_Attributes = (4 << 3) | WireReader.Bytes;
    private const int Status_Message = (2 << 3) | WireReader.Bytes;
    private const int Status_Code = (3 << 3) | WireReader.Varint;

    private readonly List<Span> _spans = [];

    /// <exception cref="MalformedTelemetryException">It is none.</exception>
    public IReadOnlyList<Span> Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == Request_ResourceSpans)
            {
                ReadResourceSpans(reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return _spans;
    }

    private void ReadResourceSpans(ReadOnlySpan<byte> message)
    {
        var resource = ReadResource(Field(message, ResourceSpans_Resource));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == ResourceSpans_ScopeSpans)
            {
                ReadScopeSpans(reader.ReadBytes(), resource);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private void ReadScopeSpans(ReadOnlySpan<byte> message, TelemetryResource resource)
    {
        var scope = ReadScope(Field(message, ScopeSpans_Scope));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != ScopeSpans_Spans)
            {
                reader.Skip(tag);
            }
            else if (ReadSpan(reader.ReadBytes(), resource, scope) is { } span)
            {
                _spans.Add(span);
            }
            else
            {
                Refused++;
            }
        }
    }

    private Span? ReadSpan(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope? scope)
    {
        TraceId traceId = default;
        SpanId spanId = default, parentId = default;
        var (hasIds, kind, start, end) = (true, 0UL, 0UL, 0UL);
        string name = "", statusMessage = "";
        var status = 0UL;
        List<SpanEvent>? events = null;
        List<SpanLink>? links = null;
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Span_TraceId:
                    hasIds &= TryReadTraceId(reader.ReadBytes(), out traceId);
                    break;
                case Span_SpanId:
                    hasIds &= TryReadSpanId(reader.ReadBytes(), out spanId);
                    break;
                case Span_ParentSpanId:
                    hasIds &= TryReadSpanId(reader.ReadBytes(), out parentId);
                    break;
                case Span_Name:
                    name = ReadString(reader.ReadBytes());
                    break;
                case Span_Kind:
                    kind = reader.ReadVarint();
                    break;
                case Span_Start:
                    start = reader.ReadFixed64();
                    break;
                case Span_End:
                    end = reader.ReadFixed64();
                    break;
                case Span_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                case Span_Events:
                    AddEvent(ref events, reader.ReadBytes());
                    break;
                case Span_Links:
                    AddLink(ref links, reader.ReadBytes());
                    break;
                case Span_Status:
                    (status, statusMessage) = ReadStatus(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeAttributes(attributes);
        if (!hasIds || traceId.IsEmpty || spanId.IsEmpty || scope is null)
        {
            return null;
        }

        var endUtc = end == 0 ? start == 0 ? Now : ToTime(start) : ToTime(end);
        var startUtc = start == 0 ? endUtc : ToTime(start);
        return new Span
        {
            Resource = resource,
            Scope = scope,
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parentId,
            Name = name,
            Kind = kind <= (ulong)SpanKind.Consumer ? (SpanKind)kind : SpanKind.Unspecified,
            StartUtc = startUtc,
            Duration = endUtc > startUtc ? endUtc - startUtc : TimeSpan.Zero,
            Status = status <= (ulong)SpanStatus.Error ? (SpanStatus)status : SpanStatus.Unset,
            StatusMessage = statusMessage.Length == 0 ? null : statusMessage,
            Attributes = taken,
            Events = events is null ? [] : events.ToArray(),
            Links = links is null ? [] : links.ToArray(),
        };
    }

    private void AddEvent(ref List<SpanEvent>? events, ReadOnlySpan<byte> message)
    {
        var (time, name) = (0UL, "");
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Event_Time:
                    time = reader.ReadFixed64();
                    break;
                case Event_Name:
                    name = ReadString(reader.ReadBytes());
                    break;
                case Event_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeAttributes(attributes);
        if ((events ??= []).Count < Limits.MaxSpanEventCount)
        {
            events.Add(new SpanEvent(ToTime(time), name, taken));
        }
        else
        {
            OwnTruncated++;
        }
    }

    private void AddLink(ref List<SpanLink>? links, ReadOnlySpan<byte> message)
    {
        TraceId traceId = default;
        SpanId spanId = default;
        var hasIds = true;
        var attributes = BeginAttributes();
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Link_TraceId:
                    hasIds &= TryReadTraceId(reader.ReadBytes(), out traceId);
                    break;
                case Link_SpanId:
                    hasIds &= TryReadSpanId(reader.ReadBytes(), out spanId);
                    break;
                case Link_Attributes:
                    AddAttribute(reader.ReadBytes(), attributes);
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var taken = TakeAttributes(attributes);
        if (hasIds && !traceId.IsEmpty && !spanId.IsEmpty && (links ??= []).Count < Limits.MaxSpanLinkCount)
        {
            links.Add(new SpanLink(traceId, spanId, taken));
        }
        else
        {
            OwnTruncated++;
        }
    }

    private (ulong Code, string Message) ReadStatus(ReadOnlySpan<byte> message)
    {
        var (code, text) = (0UL, "");
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Status_Code:
                    code = reader.ReadVarint();
                    break;
                case Status_Message:
                    text = ReadString(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return (code, text);
    }
}
