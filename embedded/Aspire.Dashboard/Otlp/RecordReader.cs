using System.Buffers.Binary;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>What the readers of the three signals have in common: resources, scopes, attributes, strings, ids and times within the limits. For one request.</summary>
internal abstract class RecordReader
{
    private const int Resource_Attributes = (1 << 3) | WireReader.Bytes;
    private const int Scope_Name = (1 << 3) | WireReader.Bytes;
    private const int Scope_Version = (2 << 3) | WireReader.Bytes;
    private const int KeyValue_Key = (1 << 3) | WireReader.Bytes;
    private const int KeyValue_Value = (2 << 3) | WireReader.Bytes;
    private const int MaxNameLength = 256;

    /// <summary>Estimated bytes of a resource's attributes; what comes after is cut. The attributes of a .NET process take less than 2 KiB.</summary>
    private const int MaxResourceBytes = 16 * 1024;

    private readonly TelemetryStore _store;
    private readonly List<TelemetryAttribute> _scratch = [];
    private readonly Dictionary<(string Name, string InstanceId), TelemetryResource> _resources = [];
    private readonly AnyValueReader _values;

    protected RecordReader(TelemetryStore store)
    {
        _store = store;
        _values = new AnyValueReader(store.Limits.MaxAttributeLength, store.Strings);
        Now = store.Time.GetUtcNow().UtcDateTime;
    }

    /// <summary>Records that are not taken over.</summary>
    public int Refused { get; protected set; }

    /// <summary>Values, attributes, events and links that were cut.</summary>
    public int Truncated => OwnTruncated + _values.Truncated;

    protected int OwnTruncated { get; set; }

    protected TelemetryLimits Limits => _store.Limits;

    protected DateTime Now { get; }

    /// <summary>A resource, the same object for the same instance of a service.</summary>
    protected TelemetryResource ReadResource(ReadOnlySpan<byte> message)
    {
        var attributes = ReadAttributes(message, Resource_Attributes);
        var name = Filters.Value(attributes, "service.name");
        var key = (Name: string.IsNullOrEmpty(name) ? "unknown_service" : Cut(name), InstanceId: Cut(Filters.Value(attributes, "service.instance.id") ?? ""));
        if (!_resources.TryGetValue(key, out var resource))
        {
            resource = _store.Share(new TelemetryResource(key.Name, key.InstanceId) { Attributes = Fitting(attributes) });
            _resources.Add(key, resource);
        }

        return resource;
    }

    private TelemetryAttribute[] Fitting(TelemetryAttribute[] attributes)
    {
        var bytes = 0L;
        for (var i = 0; i < attributes.Length; i++)
        {
            bytes += TelemetryCost.Of(attributes[i].Key) + TelemetryCost.Of(attributes[i].Value);
            if (bytes > MaxResourceBytes)
            {
                OwnTruncated += attributes.Length - i;
                return attributes[..i];
            }
        }

        return attributes;
    }

    /// <summary>A scope; null when there are too many.</summary>
    protected InstrumentationScope? ReadScope(ReadOnlySpan<byte> message)
    {
        string name = "", version = "";
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Scope_Name:
                    name = Cut(ReadString(reader.ReadBytes()));
                    break;
                case Scope_Version:
                    version = Cut(ReadString(reader.ReadBytes()));
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        return _store.ShareScope(name, version);
    }

    /// <summary>The attributes of a message that has them in a repeated field.</summary>
    protected TelemetryAttribute[] ReadAttributes(ReadOnlySpan<byte> message, int fieldTag)
    {
        var reader = new WireReader(message);
        var before = _scratch.Count;
        while (reader.TryReadTag(out var tag))
        {
            if (tag == fieldTag)
            {
                AddAttribute(reader.ReadBytes(), before);
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return TakeAttributes(before);
    }

    /// <summary>Where the attributes of a record begin that are added one by one.</summary>
    protected int BeginAttributes() => _scratch.Count;

    protected void AddAttribute(ReadOnlySpan<byte> message, int begin)
    {
        string key = "", value = "";
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case KeyValue_Key:
                    key = ReadString(reader.ReadBytes());
                    break;
                case KeyValue_Value:
                    value = _values.Read(reader.ReadBytes());
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (_scratch.Count - begin < Limits.MaxAttributeCount)
        {
            _scratch.Add(new TelemetryAttribute(key, value));
        }
        else
        {
            OwnTruncated++;
        }
    }

    protected TelemetryAttribute[] TakeAttributes(int begin)
    {
        if (_scratch.Count == begin)
        {
            return [];
        }

        var attributes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_scratch)[begin..].ToArray();
        _scratch.RemoveRange(begin, attributes.Length);
        return attributes;
    }

    /// <summary>The content of a field of which there is one; the last one when there are several, none when there is none. Fields come in any order.</summary>
    protected static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> message, int fieldTag)
    {
        var content = ReadOnlySpan<byte>.Empty;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == fieldTag)
            {
                content = reader.ReadBytes();
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return content;
    }

    protected string ReadString(ReadOnlySpan<byte> utf8) => _values.ReadString(utf8);

    protected string ReadValue(ReadOnlySpan<byte> message) => _values.Read(message);

    /// <summary>A trace's id. Absent is empty; another length than 16 bytes is none.</summary>
    protected static bool TryReadTraceId(ReadOnlySpan<byte> bytes, out TraceId id)
    {
        id = default;
        if (bytes.Length == 16)
        {
            id = new TraceId(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        }

        return bytes.Length is 0 or 16;
    }

    /// <summary>A span's id. Absent is empty; another length than 8 bytes is none.</summary>
    protected static bool TryReadSpanId(ReadOnlySpan<byte> bytes, out SpanId id)
    {
        id = bytes.Length == 8 ? new SpanId(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;
        return bytes.Length is 0 or 8;
    }

    /// <summary>A time. What lies more than a day ahead is now; 64 bits of nanoseconds end in 2554, so every other is one of the calendar.</summary>
    protected DateTime ToTime(ulong unixNanoseconds)
    {
        var time = DateTime.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
        return time > Now.AddDays(1) ? Now : time;
    }

    /// <summary>A name, cut to what a list can show and a key should be.</summary>
    protected string Cut(string text)
    {
        if (text.Length <= MaxNameLength)
        {
            return text;
        }

        OwnTruncated++;
        return text[..MaxNameLength];
    }
}
