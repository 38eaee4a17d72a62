using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// One request on its way through the gateway, and what comes of it. Kestrel keeps the instance with the connection or stream, so that the
/// buffers and writers in it serve one request after another.
/// </summary>
internal sealed class GatewayRequest : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private IPAddress? _clientAddress;
    private string _clientIp = "";
    private IHttpConnectionFeature? _connection;

    /// <summary>The request's id.</summary>
    public string Id { get; private set; } = "";

    /// <summary>When it came: <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long StartedAt { get; private set; }

    /// <summary>When it came.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>What Kestrel knows about it.</summary>
    public IFeatureCollection Features { get; private set; } = null!;

    /// <summary>The request line and the headers.</summary>
    public IHttpRequestFeature Http { get; private set; } = null!;

    /// <summary>The response.</summary>
    public IHttpResponseFeature Response { get; private set; } = null!;

    /// <summary>The path; what is in it is of this request only after it was read.</summary>
    public RequestPath Path { get; } = new();

    /// <summary>The query.</summary>
    public QueryParameters Query { get; } = new();

    /// <summary>Writes events.</summary>
    public Utf8JsonWriter Json { get; } = new(Stream.Null, JsonOptions);

    /// <summary>How long its function may take, and whether the client is still there.</summary>
    public IntegrationWait Wait { get; } = new();

    /// <summary>Where its line of the access log is put together.</summary>
    public StringBuilder LogLine { get; } = new(512);

    /// <summary>The route; null before one is chosen and when there is none.</summary>
    public GatewayRoute? Route { get; set; }

    /// <summary>Whether the path was read.</summary>
    public bool HasPath { get; set; }

    /// <summary>How long the function took, in ticks of <see cref="Stopwatch"/>; null when it was not called.</summary>
    public long? IntegrationTicks { get; set; }

    /// <summary>The id of the invocation; null when there was none.</summary>
    public string? InvocationId { get; set; }

    /// <summary>The status of Lambda's answer, which is not that of the function's; null when there is none.</summary>
    public int? InvocationStatus { get; set; }

    /// <summary>The status code that the function returned; null when it returned none.</summary>
    public int? FunctionStatus { get; set; }

    /// <summary>Why the function's answer could not be used; null when it could.</summary>
    public string? IntegrationError { get; set; }

    /// <summary>Whether the function did not answer in time.</summary>
    public bool HasTimedOut { get; set; }

    /// <summary>The answer that the gateway gave itself; null when the function's was passed on.</summary>
    public GatewayAnswer? Answer { get; set; }

    /// <summary>How many bytes of body the response has.</summary>
    public long ResponseLength { get; set; }

    /// <summary>Whether the client left before it had its response.</summary>
    public bool ClientLeft { get; set; }

    /// <summary>The address of the client.</summary>
    public string ClientIp
    {
        get
        {
            // One address object per connection: its text is made once.
            _connection ??= Features.GetRequiredFeature<IHttpConnectionFeature>();
            if (!ReferenceEquals(_clientAddress, _connection.RemoteIpAddress))
            {
                _clientAddress = _connection.RemoteIpAddress;
                _clientIp = _clientAddress?.ToString() ?? "";
            }

            return _clientIp;
        }
    }

    /// <summary>The port that the request came to.</summary>
    public int LocalPort => (_connection ??= Features.GetRequiredFeature<IHttpConnectionFeature>()).LocalPort;

    /// <summary>The host that the client asked, without a port.</summary>
    public ReadOnlySpan<char> DomainName
    {
        get
        {
            StringValues host = Http.Headers.Host;
            return new HostString(host.ToString()).Host;
        }
    }

    /// <summary>Begins a request.</summary>
    public void Begin(IFeatureCollection features)
    {
        Features = features;
        StartedAt = Stopwatch.GetTimestamp();
        Time = DateTimeOffset.UtcNow;
        Id = GatewayRequestId.Create();
        Http = features.GetRequiredFeature<IHttpRequestFeature>();
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        _connection = null;
        Route = null;
        HasPath = false;
        IntegrationTicks = null;
        InvocationId = null;
        InvocationStatus = null;
        FunctionStatus = null;
        IntegrationError = null;
        HasTimedOut = false;
        Answer = null;
        ResponseLength = 0;
        ClientLeft = false;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Json.Dispose();
        Wait.Dispose();
    }
}
