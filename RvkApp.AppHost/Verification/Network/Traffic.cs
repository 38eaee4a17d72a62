using System.Globalization;

namespace RvkApp.AppHost.Verification;

/// <summary>What a rule lets through: a protocol and a range of ports.</summary>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>icmp</c>, <c>icmpv6</c>, <c>all</c>, the number of another protocol; of calls that no group filters, <c>https</c> or <c>invoke</c>.</param>
/// <param name="From">The first port, 0 to 65535; 0 for a protocol without ports.</param>
/// <param name="To">The last port; 65535 for a protocol without ports.</param>
internal readonly record struct Traffic(string Protocol, int From, int To)
{
    /// <summary>Everything.</summary>
    public static Traffic All { get; } = new("all", 0, 65535);

    /// <summary>A call through an AWS API, which has no port of its own.</summary>
    public static Traffic Invoke { get; } = new("invoke", 0, 65535);

    /// <summary>A call over HTTPS to what AWS puts on the internet.</summary>
    public static Traffic Https { get; } = new("https", 443, 443);

    /// <summary>Whether the protocol is "all protocols".</summary>
    public bool IsAllProtocols => Protocol == "all";

    /// <summary>Whether the protocol has ports.</summary>
    public bool HasPorts => Protocol is "tcp" or "udp" or "https";

    /// <summary>The ports as <c>27017</c> or <c>1-1024</c>; empty for a protocol without ports.</summary>
    public string Ports => !HasPorts ? "" : From == To ? Text(From) : $"{Text(From)}-{Text(To)}";

    /// <summary>The common name of a protocol that a template gives by name or by its IANA number.</summary>
    public static string? ProtocolName(string? written) => written?.ToLowerInvariant() switch
    {
        null or "" => null,
        "-1" or "all" => "all",
        "6" or "tcp" => "tcp",
        "17" or "udp" => "udp",
        "1" or "icmp" => "icmp",
        "58" or "icmpv6" => "icmpv6",
        var other => other,
    };

    /// <summary>What both let through.</summary>
    public Traffic? Intersect(Traffic other)
    {
        if (IsAllProtocols || other.IsAllProtocols || Protocol == other.Protocol)
        {
            var (from, to) = (Math.Max(From, other.From), Math.Min(To, other.To));
            return from <= to ? new(IsAllProtocols ? other.Protocol : Protocol, from, to) : null;
        }

        return null;
    }

    /// <summary>Whether everything the other lets through is let through.</summary>
    public bool Covers(Traffic other) => (IsAllProtocols || Protocol == other.Protocol) && From <= other.From && other.To <= To;

    /// <summary>What is left without the other's ports: none, one or two ranges.</summary>
    public IEnumerable<Traffic> Without(Traffic other)
    {
        if (Protocol != other.Protocol || other.To < From || To < other.From)
        {
            yield return this;
            yield break;
        }

        if (From < other.From)
        {
            yield return this with { To = other.From - 1 };
        }

        if (other.To < To)
        {
            yield return this with { From = other.To + 1 };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => IsAllProtocols ? "all protocols"
        : !HasPorts ? int.TryParse(Protocol, out _) ? $"protocol {Protocol}" : Protocol.ToUpperInvariant()
        : From == 0 && To == 65535 ? $"{Protocol.ToUpperInvariant()} all ports"
        : $"{Protocol.ToUpperInvariant()} {Ports}";

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
