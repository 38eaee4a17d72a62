using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace RvkApp.ServiceDefaults;

/// <summary>
/// Sends a request's telemetry before Lambda gets the response, since it freezes the process then, and what waits for its export would arrive with the
/// next request or never. A server disposes of the context when the request's activity has ended, and in Lambda before it hands the response back.
/// </summary>
internal sealed class FlushingHttpContextFactory(IHttpContextFactory inner, IServiceProvider services, TimeSpan metricInterval) : IHttpContextFactory
{
    /// <summary>How long sending all of a request's telemetry may take: a collector that hangs must not hold up every response for longer.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    // The request was aborted because the function's time is nearly up.
    private static readonly TimeSpan LateBudget = TimeSpan.FromMilliseconds(200);

    private readonly Lazy<TracerProvider?> _traces = new(services.GetService<TracerProvider>);
    private readonly Lazy<LoggerProvider?> _logs = new(services.GetService<LoggerProvider>);
    private readonly Lazy<MeterProvider?> _metrics = new(services.GetService<MeterProvider>);

    private long _metricsSent = long.MinValue;

    public HttpContext Create(IFeatureCollection featureCollection) => inner.Create(featureCollection);

    public void Dispose(HttpContext httpContext)
    {
        var budget = httpContext.RequestAborted.IsCancellationRequested ? LateBudget : Budget;
        inner.Dispose(httpContext);

        // What a person looks for first comes first.
        var clock = Stopwatch.StartNew();
        _traces.Value?.ForceFlush(Left());
        _logs.Value?.ForceFlush(Left());
        if (IsTimeForMetrics())
        {
            _metrics.Value?.ForceFlush(Left());
        }

        int Left() => (int)Math.Max(0, (budget - clock.Elapsed).TotalMilliseconds);
    }

    /// <summary>
    /// Whether metrics have not been sent for their interval. They are all that the process has ever measured, whatever this request added, and cost far more
    /// than the request's own spans and records.
    /// </summary>
    private bool IsTimeForMetrics()
    {
        var (now, sent) = (Environment.TickCount64, Interlocked.Read(ref _metricsSent));
        return (sent == long.MinValue || now - sent >= metricInterval.TotalMilliseconds) && Interlocked.CompareExchange(ref _metricsSent, now, sent) == sent;
    }
}
