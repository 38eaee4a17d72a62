using System.Globalization;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Display;

/// <summary>What pages say about a span beside its name.</summary>
internal static class SpanText
{
    /// <summary>Who is called, when a span calls somebody who sends no telemetry, such as a database: the resource of the model, or what the span says of it; null when it has no address.</summary>
    public static string? Peer(Span span, IPeerResolver peers)
    {
        // A span that has no address is no call on the wire, such as the outer one of the two that a driver nests.
        if ((span.Attribute("server.address") ?? span.Attribute("net.peer.name")) is not { Length: > 0 } address)
        {
            return null;
        }

        if (peers.Resolve(span) is { } resource)
        {
            return resource;
        }

        if (span.Attribute("peer.service") is { Length: > 0 } service)
        {
            return service;
        }

        if ((span.Attribute("db.system.name") ?? span.Attribute("db.system")) is { Length: > 0 } system)
        {
            return (span.Attribute("db.namespace") ?? span.Attribute("db.name")) is { Length: > 0 } database ? $"{system} {database}" : system;
        }

        var port = span.Attribute("server.port") ?? span.Attribute("net.peer.port");
        return port is { Length: > 0 } ? $"{address}:{port}" : address;
    }

    /// <summary>Whether the invocation had to wait for an environment to start (semantic conventions, <c>faas.coldstart</c>).</summary>
    public static bool IsColdStart(Span span) => string.Equals(span.Attribute("faas.coldstart"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>How long the environment took to start (<c>aws.lambda.init_duration</c>, in seconds); null when the span does not say.</summary>
    public static TimeSpan? InitDuration(Span span) =>
        double.TryParse(span.Attribute("aws.lambda.init_duration"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>The text of an exception event as .NET writes it; null when the event is none (semantic conventions, exceptions on spans).</summary>
    public static string? Exception(SpanEvent happened)
    {
        var stack = Filters.Value(happened.Attributes, "exception.stacktrace");
        var type = Filters.Value(happened.Attributes, "exception.type");
        var message = Filters.Value(happened.Attributes, "exception.message");
        return stack ?? (type is null && message is null ? null : message is null ? type : type is null ? message : $"{type}: {message}");
    }

    /// <summary>A moment as an offset from the start of something, with its sign.</summary>
    public static string Offset(TimeSpan offset) => offset < TimeSpan.Zero ? $"−{Formats.Duration(-offset)}" : $"+{Formats.Duration(offset)}";
}
