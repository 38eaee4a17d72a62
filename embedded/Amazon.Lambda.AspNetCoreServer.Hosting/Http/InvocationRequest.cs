using System.Net;
using System.Security.Claims;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>The request of one invocation.</summary>
internal sealed class InvocationRequest :
    IHttpRequestFeature, IHttpConnectionFeature, IHttpRequestIdentifierFeature, IHttpRequestBodyDetectionFeature, IHttpAuthenticationFeature, IItemsFeature, IDisposable
{
    private IDictionary<object, object?>? _items;
    private Stream? _body;

    /// <summary>The bytes of the body.</summary>
    public PooledBuffer BodyBytes { get; } = new(1024);

    public string Protocol { get; set; } = HttpProtocol.Http11;

    public string Scheme { get; set; } = "https";

    public string Method { get; set; } = "";

    public string PathBase { get; set; } = "";

    public string Path { get; set; } = "/";

    public string QueryString { get; set; } = "";

    public string RawTarget { get; set; } = "";

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    // Made when someone asks: most requests have no body.
    public Stream Body
    {
        get => _body ??= BodyBytes.Length == 0 ? Stream.Null : new MemoryStream(BodyBytes.Array, 0, BodyBytes.Length, writable: false);
        set => _body = value;
    }

    public bool CanHaveBody => BodyBytes.Length > 0;

    public string ConnectionId { get; set; } = "";

    public IPAddress? RemoteIpAddress { get; set; }

    public IPAddress? LocalIpAddress { get; set; }

    public int RemotePort { get; set; }

    public int LocalPort { get; set; }

    public string TraceIdentifier { get; set; } = "";

    public ClaimsPrincipal? User { get; set; }

    public IDictionary<object, object?> Items
    {
        get => _items ??= new Dictionary<object, object?>();
        set => _items = value;
    }

    /// <summary>Forgets everything, for the next invocation.</summary>
    public void Reset()
    {
        BodyBytes.Reset();
        _body = null;
        _items = null;
        Protocol = HttpProtocol.Http11;
        Scheme = "https";
        Method = PathBase = QueryString = RawTarget = ConnectionId = TraceIdentifier = "";
        Path = "/";
        // Not cleared: something of the last request may still hold it.
        Headers = new HeaderDictionary();
        RemoteIpAddress = LocalIpAddress = null;
        RemotePort = LocalPort = 0;
        User = null;
    }

    public void Dispose() => BodyBytes.Dispose();
}
