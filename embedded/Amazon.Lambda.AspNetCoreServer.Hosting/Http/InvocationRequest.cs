using System.Net;
using System.Security.Claims;
using Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Http;

/// <summary>The request of one invocation.</summary>
internal sealed class InvocationRequest :
    IHttpRequestFeature, IHttpConnectionFeature, IHttpRequestIdentifierFeature, IHttpRequestBodyDetectionFeature, IHttpMaxRequestBodySizeFeature, IHttpBodyControlFeature,
    IHttpAuthenticationFeature, IItemsFeature, IDisposable
{
    // What clients, browsers and AWS send, so that the dictionary does not grow with every request.
    private const int UsualHeaders = 16;

    private IDictionary<object, object?>? _items;
    private Stream? _body;
    private MemoryStream? _own;
    private long? _maximumBody;

    /// <summary>The bytes of the body.</summary>
    public PooledBuffer BodyBytes { get; } = new(1024);

    /// <summary>The public objects of the invocation.</summary>
    public InvocationObjects? Objects { get; set; }

    /// <summary>The certificate of a client that is known by mutual TLS; null otherwise.</summary>
    public string? ClientCertificatePem { get; set; }

    /// <summary>Whether it was a HEAD when it came in: the application may change what it sees as the method.</summary>
    public bool IsHead { get; set; }

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
        get => _body ??= BodyBytes.Length == 0 ? Stream.Null
            : BodyBytes.Length > _maximumBody ? new RefusedBody()
            : _own = new MemoryStream(BodyBytes.Array, 0, BodyBytes.Length, writable: false);
        set => _body = value;
    }

    public bool CanHaveBody => BodyBytes.Length > 0;

    // Nothing ever waits for a body that is here already.
    public bool AllowSynchronousIO { get; set; } = true;

    public bool IsReadOnly => _body is not null;

    public long? MaxRequestBodySize
    {
        get => _maximumBody;
        set
        {
            if (IsReadOnly)
            {
                throw new InvalidOperationException("The maximum size of the request's body cannot be changed after the body was asked for.");
            }

            if (value < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, "The maximum size of a body is not negative; null is no maximum.");
            }

            _maximumBody = value;
        }
    }

    public string ConnectionId { get; set; } = "";

    public IPAddress? RemoteIpAddress { get; set; }

    public IPAddress? LocalIpAddress { get; set; }

    public int RemotePort { get; set; }

    public int LocalPort { get; set; }

    public string TraceIdentifier { get; set; } = "";

    public ClaimsPrincipal? User { get; set; }

    public IDictionary<object, object?> Items
    {
        get => _items ??= new InvocationItems(Objects!);
        set => _items = value;
    }

    /// <summary>Forgets everything, for the next invocation.</summary>
    public void Reset()
    {
        // Who still reads it reads no other request's.
        _own?.Dispose();
        _own = null;
        BodyBytes.Reset();
        _body = null;
        _items = null;
        _maximumBody = null;
        Objects = null;
        ClientCertificatePem = null;
        IsHead = false;
        AllowSynchronousIO = true;
        Protocol = HttpProtocol.Http11;
        Scheme = "https";
        Method = PathBase = QueryString = RawTarget = ConnectionId = TraceIdentifier = "";
        Path = "/";
        // Not cleared: something of the last request may still hold it.
        Headers = new HeaderDictionary(UsualHeaders);
        RemoteIpAddress = LocalIpAddress = null;
        RemotePort = LocalPort = 0;
        User = null;
    }

    public void Dispose() => BodyBytes.Dispose();
}
