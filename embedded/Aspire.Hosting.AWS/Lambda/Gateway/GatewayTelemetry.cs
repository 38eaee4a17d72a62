using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Aspire.Hosting.Health;
using Aspire.Hosting.Telemetry;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// A span and a measurement for each request, by the semantic conventions for HTTP (https://opentelemetry.io/docs/specs/semconv/http/). Health checks of the app host have neither.
/// </summary>
internal sealed class GatewayTelemetry
{
    public const string Scope = "Aspire.Hosting.AWS.ApiGateway";

    private const int MaxDescriptionLength = 256;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "CONNECT", "TRACE", "QUERY"];

    // So that a status code costs no allocation.
    private static readonly object[] BoxedCodes = [.. Enumerable.Range(0, 600).Select(code => (object)code)];

    private readonly ResourceTelemetry _telemetry;
    private readonly Histogram<double> _duration;

    public GatewayTelemetry(ResourceTelemetry telemetry)
    {
        _telemetry = telemetry;
        _duration = telemetry.Meter.CreateHistogram("http.server.request.duration", "s", "Duration of HTTP requests that the API has answered.", tags: null, TelemetryBuckets.Seconds);
    }

    /// <summary>Whether a request is a health check of the app host.</summary>
    public static bool IsProbe(GatewayRequest request) => request.Http.Headers.UserAgent is [HttpHealthCheck.UserAgent];

    /// <summary>Begins a request's span, which is the current one from now on: in the trace of <c>traceparent</c>, else in that of X-Ray's header, else in a new one.</summary>
    /// <returns>The span; null when the request is not recorded.</returns>
    public Activity? Begin(GatewayRequest request)
    {
        if (IsProbe(request))
        {
            return null;
        }

        var http = request.Http;
        var headers = http.Headers;
        if (!ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent))
        {
            parent = TraceHeader.ContextOf(headers["X-Amzn-Trace-Id"]);
        }

        var method = Known(http.Method);
        // What is current in the app host is no part of what a client asks.
        Activity.Current = null;
        var span = _telemetry.Activities.StartActivity(method == "_OTHER" ? "HTTP" : method, ActivityKind.Server, parent);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("http.request.method", method);
            if (method == "_OTHER")
            {
                span.SetTag("http.request.method_original", Cut(http.Method));
            }

            var target = http.RawTarget;
            var query = target.IndexOf('?', StringComparison.Ordinal);
            span.SetTag("url.path", query < 0 ? target : target[..query]);
            span.SetTag("url.scheme", http.Scheme);
            span.SetTag("server.address", request.DomainName.ToString());
            span.SetTag("server.port", request.LocalPort);
            span.SetTag("client.address", request.ClientIp);
            span.SetTag("network.protocol.version", ProtocolVersion(http.Protocol));
            if (headers.UserAgent is [{ } agent, ..])
            {
                span.SetTag("user_agent.original", Cut(agent));
            }

            span.SetTag("aws.request_id", request.Id);
        }

        return span;
    }

    /// <summary>Ends a request's span, and measures it.</summary>
    /// <param name="span">The span, which is the current one.</param>
    /// <param name="request">The request, whose response is known.</param>
    public void End(Activity? span, GatewayRequest request)
    {
        if (IsProbe(request))
        {
            return;
        }

        var status = request.ClientLeft ? (int?)null : request.Response.StatusCode;
        var error = request.ClientLeft ? "client_disconnected" : request.HasTimedOut ? "timeout" : status >= 500 ? Text(status.Value) : null;
        var route = request.Route?.Path;
        var method = Known(request.Http.Method);
        var tags = new TagList
        {
            { "http.request.method", method },
            { "url.scheme", request.Http.Scheme },
            { "network.protocol.version", ProtocolVersion(request.Http.Protocol) },
        };
        if (route is not null)
        {
            tags.Add("http.route", route);
        }

        if (status is { } code)
        {
            tags.Add("http.response.status_code", Boxed(code));
        }

        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        // While the span is the current one: it becomes the measurement's exemplar.
        _duration.Record(Stopwatch.GetElapsedTime(request.StartedAt).TotalSeconds, tags);
        if (span is null)
        {
            return;
        }

        if (span.IsAllDataRequested)
        {
            Describe(span, request, method, route, status, error);
        }

        span.Stop();
    }

    private static void Describe(Activity span, GatewayRequest request, string method, string? route, int? status, string? error)
    {
        if (route is not null)
        {
            span.DisplayName = $"{(method == "_OTHER" ? "HTTP" : method)} {route}";
            span.SetTag("http.route", route);
            span.SetTag("faas.invoked_name", request.Route!.Function);
        }

        if (request.InvocationId is { } invocation)
        {
            span.SetTag("faas.invocation_id", invocation);
        }

        if (status is { } code)
        {
            span.SetTag("http.response.status_code", Boxed(code));
            span.SetTag("http.response.body.size", request.ResponseLength);
        }

        if (error is not null)
        {
            span.SetTag("error.type", error);
            // A client that leaves is no failure of the server.
            if (!request.ClientLeft)
            {
                span.SetStatus(ActivityStatusCode.Error, request.IntegrationError is { } reason ? Cut(reason) : request.Answer?.Message);
            }
        }
    }

    // Only what is registered may be a value, or clients could make as many time series as they want.
    private static string Known(string method)
    {
        foreach (var known in Methods)
        {
            if (known == method)
            {
                return known;
            }
        }

        return "_OTHER";
    }

    private static string ProtocolVersion(string protocol) => protocol switch
    {
        "HTTP/2" or "HTTP/2.0" => "2",
        "HTTP/1.0" => "1.0",
        _ => "1.1",
    };

    private static object Boxed(int code) => code is >= 0 and < 600 ? BoxedCodes[code] : code;

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Cut(string text) => text.Length <= MaxDescriptionLength ? text : text[..MaxDescriptionLength];
}
