using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Reads an ExportMetricsServiceRequest (opentelemetry/proto/metrics/v1/metrics.proto). Summaries, which only old libraries send, are refused.</summary>
internal sealed class MetricReader(TelemetryStore store) : HistogramReader(store)
{
    private const int Request_ResourceMetrics = (1 << 3) | WireReader.Bytes;
    private const int ResourceMetrics_Resource = (1 << 3) | WireReader.Bytes;
    private const int ResourceMetrics_ScopeMetrics = (2 << 3) | WireReader.Bytes;
    private const int ScopeMetrics_Scope = (1 << 3) | WireReader.Bytes;
    private const int ScopeMetrics_Metrics = (2 << 3) | WireReader.Bytes;
    private const int Metric_Name = (1 << 3) | WireReader.Bytes;
    private const int Metric_Description = (2 << 3) | WireReader.Bytes;
    private const int Metric_Unit = (3 << 3) | WireReader.Bytes;
    private const int Metric_Gauge = (5 << 3) | WireReader.Bytes;
    private const int Metric_Sum = (7 << 3) | WireReader.Bytes;
    private const int Metric_Histogram = (9 << 3) | WireReader.Bytes;
    private const int Metric_ExponentialHistogram = (10 << 3) | WireReader.Bytes;
    private const int Metric_Summary = (11 << 3) | WireReader.Bytes;
    private const int Data_Points = (1 << 3) | WireReader.Bytes;
    private const int Data_Temporality = (2 << 3) | WireReader.Varint;
    private const int Sum_IsMonotonic = (3 << 3) | WireReader.Varint;
    private const ulong Delta = 1, Cumulative = 2;

    private readonly List<MetricData> _metrics = [];

    /// <exception cref="MalformedTelemetryException">It is none.</exception>
    public IReadOnlyList<MetricData> Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == Request_ResourceMetrics)
            {
                ReadResourceMetrics(reader.ReadBytes());
            }
            else
            {
                reader.Skip(tag);
            }
        }

        return _metrics;
    }

    private void ReadResourceMetrics(ReadOnlySpan<byte> message)
    {
        var resource = ReadResource(Field(message, ResourceMetrics_Resource));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == ResourceMetrics_ScopeMetrics)
            {
                ReadScopeMetrics(reader.ReadBytes(), resource);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private void ReadScopeMetrics(ReadOnlySpan<byte> message, TelemetryResource resource)
    {
        var scope = ReadScope(Field(message, ScopeMetrics_Scope));
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            if (tag == ScopeMetrics_Metrics)
            {
                ReadMetric(reader.ReadBytes(), resource, scope);
            }
            else
            {
                reader.Skip(tag);
            }
        }
    }

    private void ReadMetric(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope? scope)
    {
        // Of several kinds of data the last one counts.
        string name = "", description = "", unit = "";
        var kind = 0;
        ReadOnlySpan<byte> data = default;
        var reader = new WireReader(message);
        while (reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case Metric_Name:
                    name = Cut(ReadString(reader.ReadBytes()));
                    break;
                case Metric_Description:
                    description = Cut(ReadString(reader.ReadBytes()));
                    break;
                case Metric_Unit:
                    unit = Cut(ReadString(reader.ReadBytes()));
                    break;
                case Metric_Gauge or Metric_Sum or Metric_Histogram or Metric_ExponentialHistogram or Metric_Summary:
                    kind = tag;
                    data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        var (points, temporality, isMonotonic) = ReadPoints(kind, data);
        if (points.Count == 0)
        {
            return;
        }

        var isWhole = kind == Metric_Gauge || temporality is Delta or Cumulative;
        if (scope is null || name.Length == 0 || !isWhole)
        {
            Refused += points.Count;
            return;
        }

        _metrics.Add(new MetricData
        {
            Resource = resource,
            Meter = scope.Name,
            Name = name,
            Description = description,
            Unit = unit,
            Kind = kind switch
            {
                Metric_Gauge => InstrumentKind.Gauge,
                Metric_Sum => isMonotonic ? InstrumentKind.Counter : InstrumentKind.UpDownCounter,
                _ => InstrumentKind.Histogram,
            },
            IsDelta = temporality == Delta,
            Points = points,
        });
    }

    private (List<MetricDataPoint> Points, ulong Temporality, bool IsMonotonic) ReadPoints(int kind, ReadOnlySpan<byte> data)
    {
        var (temporality, isMonotonic) = (0UL, false);
        var reader = new WireReader(data);
        while (kind != Metric_Gauge && kind != Metric_Summary && reader.TryReadTag(out var tag))
        {
            if (tag == Data_Temporality)
            {
                temporality = reader.ReadVarint();
            }
            else if (tag == Sum_IsMonotonic && kind == Metric_Sum)
            {
                isMonotonic = reader.ReadVarint() != 0;
            }
            else
            {
                reader.Skip(tag);
            }
        }

        var points = new List<MetricDataPoint>();
        reader = new WireReader(data);
        while (reader.TryReadTag(out var tag))
        {
            if (tag != Data_Points)
            {
                reader.Skip(tag);
                continue;
            }

            var message = reader.ReadBytes();
            var point = kind switch
            {
                Metric_Gauge => ReadNumber(message, isIncrease: false),
                Metric_Sum => ReadNumber(message, isMonotonic),
                Metric_Histogram => ReadExplicit(message),
                Metric_ExponentialHistogram => ReadExponential(message),
                _ => null,
            };
            if (point is not null)
            {
                points.Add(point);
            }
            else if (kind == Metric_Summary)
            {
                Refused++;
            }
        }

        return (points, temporality, isMonotonic);
    }
}
