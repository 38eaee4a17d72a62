using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint that a resource has.</summary>
/// <remarks>
/// There is no proxy in front of the processes here: a process listens itself on the port that others use, whatever
/// <see cref="IsProxied"/> says. The property still decides whether a fixed port may be randomized in tests, as it does in the real package.
/// </remarks>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly ValueSnapshot<AllocatedEndpoint> _allocated = new();
    private int? _port;
    private int? _targetPort;
    private string? _transport;
    private bool? _tlsEnabled;

    /// <summary>Creates an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The scheme of its URL; the protocol's name when null.</param>
    /// <param name="transport">The transport, for instance <c>http2</c>; derived from the scheme when null.</param>
    /// <param name="name">The name; the scheme when null.</param>
    /// <param name="port">The port others use; any free one when null.</param>
    /// <param name="targetPort">The port the program listens on, when it is fixed in the program.</param>
    /// <param name="isExternal">Whether it is reachable from outside when deployed; false when null.</param>
    /// <param name="isProxied">Whether it may be proxied; true when null.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
        : this(protocol, networkId: null, uriScheme, transport, name, port, targetPort, isExternal, isProxied)
    {
    }

    /// <summary>Creates an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="networkId">The network its address is valid in; this machine's when null.</param>
    /// <param name="uriScheme">The scheme of its URL; the protocol's name when null.</param>
    /// <param name="transport">The transport, for instance <c>http2</c>; derived from the scheme when null.</param>
    /// <param name="name">The name; the scheme when null.</param>
    /// <param name="port">The port others use; any free one when null.</param>
    /// <param name="targetPort">The port the program listens on, when it is fixed in the program.</param>
    /// <param name="isExternal">Whether it is reachable from outside when deployed; false when null.</param>
    /// <param name="isProxied">Whether it may be proxied; true when null.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        NetworkIdentifier? networkId,
        string? uriScheme = null,
        string? transport = null,
        [EndpointName] string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null)
    {
        uriScheme ??= ProtocolName(protocol);
        name ??= uriScheme;
        ModelName.Validate("Endpoint", name);

        Protocol = protocol;
        UriScheme = uriScheme;
        Name = name;
        _transport = transport;
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsExplicitlyProxied = isProxied;
        DefaultNetworkID = networkId ?? KnownNetworkIdentifiers.LocalhostNetwork;
        AllAllocatedEndpoints = new NetworkEndpointSnapshotList(DefaultNetworkID, _allocated);
    }

    /// <summary>The name, unique among the resource's endpoints.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port that others use; null for any free one. Without a proxy it is the target port unless set.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied ? null : _targetPort);
        set => _port = value;
    }

    /// <summary>The port that the program listens on; null when the program takes the one it is given. Without a proxy it is the port unless set.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied ? null : _port);
        set => _targetPort = value;
    }

    /// <summary>The scheme of the endpoint's URL.</summary>
    public string UriScheme { get; set; }

    /// <summary>The address the program binds to.</summary>
    public string TargetHost { get; set; } = KnownHostNames.Localhost;

    /// <summary>The transport: <c>http</c> for the HTTP schemes, else the protocol's name, unless set.</summary>
    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : ProtocolName(Protocol));
        set => _transport = value;
    }

    /// <summary>Whether the endpoint is reachable from outside when deployed.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether the endpoint may be proxied.</summary>
    public bool IsProxied
    {
        get => IsExplicitlyProxied ?? true;
        set => IsExplicitlyProxied = value;
    }

    /// <summary>What was said about proxying; null when nothing was.</summary>
    public bool? IsExplicitlyProxied { get; set; }

    /// <summary>Whether a reference to all endpoints of the resource leaves this one out.</summary>
    public bool ExcludeReferenceEndpoint { get; set; }

    /// <summary>Whether the endpoint speaks TLS; true for https unless set.</summary>
    public bool TlsEnabled
    {
        get => _tlsEnabled ?? string.Equals(UriScheme, "https", StringComparison.OrdinalIgnoreCase);
        set => _tlsEnabled = value;
    }

    /// <summary>The network that <see cref="AllocatedEndpoint"/> is valid in.</summary>
    public NetworkIdentifier DefaultNetworkID { get; }

    /// <summary>The address in the default network; null until it is allocated. Setting null makes those who wait for it fail.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated.IsValueSet ? _allocated.GetValueAsync().GetAwaiter().GetResult() : null;
        set
        {
            if (value is null)
            {
                _allocated.SetException(new InvalidOperationException($"The endpoint '{Name}' is not allocated."));
            }
            else
            {
                AllAllocatedEndpoints.AddOrUpdateAllocatedEndpoint(DefaultNetworkID, value);
            }
        }
    }

    /// <summary>The addresses in every network.</summary>
    public NetworkEndpointSnapshotList AllAllocatedEndpoints { get; }

    /// <summary>Whether a launch profile brought the endpoint.</summary>
    internal bool FromLaunchProfile { get; set; }

    /// <summary>Whether the next free port may stand in for <see cref="Port"/> when that is taken.</summary>
    internal bool FallBackWhenPortTaken { get; set; }

    /// <summary>The environment variable through which the program learns its port.</summary>
    internal string? TargetPortEnvironmentVariable { get; set; }

    private static string ProtocolName(ProtocolType protocol) => protocol switch
    {
        ProtocolType.Tcp => "tcp",
        ProtocolType.Udp => "udp",
        _ => throw new NotSupportedException($"An endpoint is TCP or UDP, not {protocol}."),
    };
}

/// <summary>Whether references use endpoints through a proxy.</summary>
public sealed class ProxySupportAnnotation : IResourceAnnotation
{
    /// <summary>Whether they do.</summary>
    public required bool ProxyEnabled { get; set; }
}
