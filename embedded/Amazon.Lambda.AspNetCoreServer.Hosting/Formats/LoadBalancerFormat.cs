using System.Net;
using System.Text;
using System.Text.Json;
using Amazon.Lambda.ApplicationLoadBalancerEvents;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// Application Load Balancer with a Lambda function as target
/// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html), with and without multi-value headers:
/// a response has the mode of its request.
/// </summary>
internal sealed partial class LoadBalancerFormat(ILogger logger) : IEventFormat
{
    private const string HealthChecker = "ELB-HealthChecker/";

    private readonly StringBuilder _builder = new();
    private bool _isMultiValue;

    public void ReadRequest(ReadOnlySpan<byte> json, InvocationRequest request)
    {
        try
        {
            Read(json, request);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"The event is no request of an Application Load Balancer: {exception.Message}", exception);
        }
    }

    public object ReadRequestObject(ReadOnlySpan<byte> json) => LoadBalancerRequestObject.Read(json);

    public void WriteHead(Utf8JsonWriter json, InvocationResponse response, InvocationRequest request)
    {
        var reason = response.ReasonPhrase ?? ReasonPhrases.GetReasonPhrase(response.StatusCode);
        json.WriteString("statusDescription"u8, $"{response.StatusCode} {reason}".TrimEnd());
        if (_isMultiValue)
        {
            ResponseWriter.WriteMultiValueHeaders(json, response.Headers, request.IsHead);
            return;
        }

        if (response.Headers.SetCookie.Count > 1)
        {
            LogLostCookies(request.Method, request.Path, response.Headers.SetCookie.Count);
        }

        ResponseWriter.WriteHeaders(json, response.Headers, request.IsHead, cookies: true);
    }

    public object CreateResponseObject(ResponseFields fields) => new ApplicationLoadBalancerResponse
    {
        StatusCode = fields.StatusCode,
        StatusDescription = fields.StatusDescription,
        Headers = fields.Headers,
        MultiValueHeaders = fields.MultiValueHeaders,
        Body = fields.Body,
        IsBase64Encoded = fields.IsBase64Encoded,
    };

    public ResponseFields ReadResponseObject(object response)
    {
        var from = (ApplicationLoadBalancerResponse)response;
        return new ResponseFields
        {
            StatusCode = from.StatusCode,
            StatusDescription = from.StatusDescription,
            Headers = from.Headers,
            MultiValueHeaders = from.MultiValueHeaders,
            Body = from.Body,
            IsBase64Encoded = from.IsBase64Encoded,
        };
    }

    private void Read(ReadOnlySpan<byte> text, InvocationRequest request)
    {
        var json = new Utf8JsonReader(text);
        string? path = null, method = null;
        Range headers = default, multiValueHeaders = default, query = default, multiValueQuery = default;
        var isBase64Encoded = false;
        EventReader.Begin(ref json);
        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("path"u8))
            {
                path = EventReader.Text(ref json);
            }
            else if (json.ValueTextEquals("httpMethod"u8))
            {
                method = EventReader.Method(ref json);
            }
            else if (json.ValueTextEquals("headers"u8))
            {
                headers = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("multiValueHeaders"u8))
            {
                multiValueHeaders = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("queryStringParameters"u8))
            {
                query = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("multiValueQueryStringParameters"u8))
            {
                multiValueQuery = EventReader.Later(ref json);
            }
            else if (json.ValueTextEquals("body"u8))
            {
                EventReader.ReadBody(ref json, request);
            }
            else if (json.ValueTextEquals("isBase64Encoded"u8))
            {
                isBase64Encoded = EventReader.IsTrue(ref json);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }

        if (headers.End.Value == 0 && multiValueHeaders.End.Value == 0)
        {
            throw new FormatException("it has neither headers nor multiValueHeaders.");
        }

        _isMultiValue = multiValueHeaders.End.Value > 0;
        request.Method = method ?? throw new FormatException("it has no httpMethod.");
        MultiValues.ReadHeaders(text[headers], text[multiValueHeaders], request.Headers);
        // The load balancer passes on names and values as the client has encoded them.
        request.QueryString = MultiValues.ReadQuery(text[query], text[multiValueQuery], isEncoded: true, _builder);
        request.RawTarget = (path ?? throw new FormatException("it has no path.")) + request.QueryString;
        request.Path = EventReader.DecodePath(path);
        Complete(request, isBase64Encoded);
    }

    private static void Complete(InvocationRequest request, bool isBase64Encoded)
    {
        var headers = request.Headers;
        if (headers.UserAgent.ToString().StartsWith(HealthChecker, StringComparison.OrdinalIgnoreCase))
        {
            // A health check comes from the load balancer itself, and does not say for which host and from where.
            request.Scheme = "https";
            headers.Host = "localhost";
            headers["X-Forwarded-Port"] = "443";
            headers["X-Forwarded-For"] = "127.0.0.1";
        }
        else
        {
            request.Scheme = headers["X-Forwarded-Proto"].ToString() is { Length: > 0 } scheme ? scheme : "http";
        }

        EventReader.Complete(request, isBase64Encoded, sourceIp: null);

        // The load balancer appends the address that it saw itself; what is before it was told by the client, or by proxies in between. It has a
        // port where the load balancer is told to preserve it (routing.http.xff_client_port.enabled).
        var forwarded = headers["X-Forwarded-For"].ToString().AsSpan();
        if (IPEndPoint.TryParse(forwarded[(forwarded.LastIndexOf(',') + 1)..].Trim(), out var client))
        {
            request.RemoteIpAddress = client.Address;
            request.RemotePort = client.Port != 0 ? client.Port : request.RemotePort;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} is answered with {Cookies} cookies, of which the load balancer passes on one: turn on multi-value headers in its target group (lambda.multi_value_headers.enabled)")]
    private partial void LogLostCookies(string method, string path, int cookies);
}
