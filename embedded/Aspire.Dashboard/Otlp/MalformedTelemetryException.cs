namespace Aspire.Dashboard.Otlp;

/// <summary>A request is no Protocol Buffers message of OTLP.</summary>
internal sealed class MalformedTelemetryException(string message) : Exception(message);
