using System.Globalization;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Otlp;

/// <summary>Takes the requests of the three signals into the store.</summary>
internal sealed class TelemetryReceiver(TelemetryStore store)
{
    public TelemetryLimits Limits => store.Limits;

    /// <summary>Takes a request.</summary>
    /// <param name="signal">Traces, logs or metrics.</param>
    /// <param name="message">An Export…ServiceRequest of the signal.</param>
    /// <returns>How many records were refused, by the reader or by the store.</returns>
    /// <exception cref="MalformedTelemetryException">It is none; nothing of it has been taken.</exception>
    public int Receive(TelemetryKind signal, ReadOnlySpan<byte> message)
    {
        try
        {
            switch (signal)
            {
                case TelemetryKind.Traces:
                    var traces = new TraceReader(store);
                    return Count(signal, traces, store.AddSpans(traces.Read(message)));
                case TelemetryKind.Logs:
                    var logs = new LogReader(store);
                    return Count(signal, logs, store.AddLogs(logs.Read(message)));
                case TelemetryKind.Metrics:
                    var metrics = new MetricReader(store);
                    return Count(signal, metrics, store.AddMetrics(metrics.Read(message)));
                default:
                    throw new ArgumentOutOfRangeException(nameof(signal), signal, "Use one of Traces, Logs and Metrics.");
            }
        }
        catch (MalformedTelemetryException)
        {
            Refuse(signal);
            throw;
        }
    }

    /// <summary>Counts a request that was not taken at all: how many records it has is unknown.</summary>
    public void Refuse(TelemetryKind signal) => store.CountDropped(signal, refused: 1, truncated: 0);

    /// <summary>What a sender is told when something of its request was refused.</summary>
    public static string Explain(int refused) => string.Create(CultureInfo.InvariantCulture, $"{refused} records were refused: they have no valid id, time or value, have come before, or are beyond a limit of {TelemetryLimits.Section}.");

    private int Count(TelemetryKind signal, RecordReader reader, int refusedByStore)
    {
        // The store counts by itself what it refuses.
        store.CountDropped(signal, reader.Refused, reader.Truncated);
        return reader.Refused + refusedByStore;
    }
}
