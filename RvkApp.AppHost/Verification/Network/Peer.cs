using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>The other side of a rule.</summary>
/// <param name="Text">What people read.</param>
internal abstract record Peer(string Text);

/// <summary>A security group: whoever has it.</summary>
/// <param name="GroupId">The group's key in the <see cref="NetworkModel"/>.</param>
/// <param name="Text">Its name.</param>
internal sealed record GroupPeer(string GroupId, string Text) : Peer(Text);

/// <summary>Addresses, from a CIDR block or the entries of a prefix list.</summary>
/// <param name="Ranges">The ranges.</param>
/// <param name="Text">The block, or the prefix list's name.</param>
internal sealed record AddressPeer(ImmutableArray<AddressRange> Ranges, string Text) : Peer(Text)
{
    /// <summary>Whether no other host can be meant, so that the rule permits nothing.</summary>
    public bool IsNobody => Ranges.All(range => range.IsUnroutable);

    /// <summary>Whether a public address is meant.</summary>
    public bool ReachesInternet => Ranges.Any(range => range.ReachesInternet);

    /// <summary>Whether every address of IPv4 or IPv6 is meant.</summary>
    public bool IsEveryone => Ranges.Any(range => range.IsEverything);
}

/// <summary>What the template does not tell: taken for anybody where that is harmful, for nobody where that is.</summary>
internal sealed record UnknownPeer(string Text) : Peer(Text);
