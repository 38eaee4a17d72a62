using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.AWS.Lambda.Service;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Writes the event of a request: payload format 2.0 (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).</summary>
/// <param name="options">The API's settings.</param>
internal sealed class EventWriter(ApiGatewayOptions options)
{
    private static ClfTime _clfTime = new(0, default);

    private readonly JsonEncodedText _accountId = JsonEncodedText.Encode(options.AccountId);
    private readonly JsonEncodedText _apiId = JsonEncodedText.Encode(options.ApiId!);

    /// <summary>Writes an event. The path and the route of the request are known.</summary>
    /// <returns>Whether the body is within its bound. If it is not, what is written is no whole event.</returns>
    public async ValueTask<bool> WriteAsync(GatewayRequest request, string traceId, Payload payload)
    {
        var json = request.Json;
        json.Reset(payload);
        json.WriteStartObject();
        json.WriteString(EventNames.Version, EventNames.Version2);
        json.WriteString(EventNames.RouteKey, request.Route!.EncodedKey);
        json.WriteString(EventNames.RawPath, request.Path.Decoded);
        json.WriteString(EventNames.RawQueryString, request.Path.Query.Span);
        if (await EventBody.WriteAsync(request, options.MaxRequestBytes) is not { } length)
        {
            return false;
        }

        EventHeaders.Write(request, length, traceId);
        request.Query.Write(json, request.Path.Query.Span);
        WriteContext(request);
        WritePathParameters(request);
        WriteStageVariables(json);
        json.WriteEndObject();
        json.Flush();
        return true;
    }

    private void WriteContext(GatewayRequest request)
    {
        var json = request.Json;
        var domain = request.DomainName;
        var dot = domain.IndexOf('.');
        json.WriteStartObject(EventNames.RequestContext);
        json.WriteString(EventNames.AccountId, _accountId);
        json.WriteString(EventNames.ApiId, _apiId);
        json.WriteString(EventNames.DomainName, domain);
        json.WriteString(EventNames.DomainPrefix, dot < 0 ? domain : domain[..dot]);
        json.WriteStartObject(EventNames.Http);
        json.WriteString(EventNames.Method, request.Http.Method);
        json.WriteString(EventNames.Path, request.Path.Decoded);
        json.WriteString(EventNames.Protocol, Protocol(request.Http.Protocol));
        json.WriteString(EventNames.SourceIp, request.ClientIp);
        json.WriteString(EventNames.UserAgent, request.Http.Headers.UserAgent.ToString());
        json.WriteEndObject();
        json.WriteString(EventNames.RequestId, request.Id);
        json.WriteString(EventNames.RouteKey, request.Route!.EncodedKey);
        json.WriteString(EventNames.Stage, EventNames.DefaultStage);
        json.WriteString(EventNames.Time, Clf(request.Time).Encoded);
        json.WriteNumber(EventNames.TimeEpoch, request.Time.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void WritePathParameters(GatewayRequest request)
    {
        var route = request.Route!;
        if (!route.HasVariables)
        {
            return;
        }

        var json = request.Json;
        json.WriteStartObject(EventNames.PathParameters);
        var segments = route.Segments;
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Variable is { } name)
            {
                json.WriteString(name, route.IsGreedy && i == segments.Count - 1 ? request.Path.From(i) : request.Path.Segment(i));
            }
        }

        json.WriteEndObject();
    }

    private void WriteStageVariables(Utf8JsonWriter json)
    {
        if (options.StageVariables.Count == 0)
        {
            return;
        }

        json.WriteStartObject(EventNames.StageVariables);
        foreach (var (name, value) in options.StageVariables)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>The protocol, spelt as API Gateway does.</summary>
    public static string Protocol(string protocol) => HttpProtocol.IsHttp2(protocol) ? "HTTP/2.0" : protocol;

    /// <summary>A time in the Common Log Format, as the access log has it too. The text is made once in a second.</summary>
    public static ClfTime Clf(DateTimeOffset time)
    {
        var second = time.ToUnixTimeSeconds();
        var cached = Volatile.Read(ref _clfTime);
        if (cached.Second != second)
        {
            cached = new ClfTime(second, JsonEncodedText.Encode(time.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss '+0000'", CultureInfo.InvariantCulture), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
            Volatile.Write(ref _clfTime, cached);
        }

        return cached;
    }

    /// <summary>A second and its text.</summary>
    internal sealed record ClfTime(long Second, JsonEncodedText Encoded);
}
