using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace RvkApp.AppHost.Verification;

/// <summary>A range of IPv4 or IPv6 addresses: the CIDR block it was written as.</summary>
internal readonly record struct AddressRange
{
    private static readonly AddressRange[] Unroutable = [Known("0.0.0.0/8"), Known("127.0.0.0/8"), Known("169.254.0.0/16"), Known("224.0.0.0/4"), Known("240.0.0.0/4"), Known("::1/128"), Known("::/128")];
    private static readonly AddressRange[] Private = [Known("10.0.0.0/8"), Known("172.16.0.0/12"), Known("192.168.0.0/16"), Known("100.64.0.0/10"), Known("fc00::/7"), Known("fe80::/10")];

    private AddressRange(BigInteger first, int prefix, bool isV6) => (First, Prefix, IsV6) = (first, prefix, isV6);

    /// <summary>Every IPv4 address.</summary>
    public static AddressRange AnyV4 { get; } = Known("0.0.0.0/0");

    /// <summary>Every IPv6 address.</summary>
    public static AddressRange AnyV6 { get; } = Known("::/0");

    /// <summary>The first address, as a number.</summary>
    public BigInteger First { get; }

    /// <summary>The length of the prefix in bits: 0 to 32, or 0 to 128.</summary>
    public int Prefix { get; }

    /// <summary>Whether these are IPv6 addresses.</summary>
    public bool IsV6 { get; }

    /// <summary>The last address, as a number.</summary>
    public BigInteger Last => First + (BigInteger.One << (Bits - Prefix)) - 1;

    /// <summary>Whether this is every address of its family.</summary>
    public bool IsEverything => Prefix == 0;

    /// <summary>Whether no other host can have an address of the range: loopback, link-local, multicast, the broadcast address.</summary>
    public bool IsUnroutable
    {
        get
        {
            var range = this;
            return Array.Exists(Unroutable, other => other.Contains(range));
        }
    }

    /// <summary>Whether an address of the public internet is in the range.</summary>
    public bool ReachesInternet
    {
        get
        {
            var range = this;
            return !IsUnroutable && !Array.Exists(Private, other => other.Contains(range));
        }
    }

    private int Bits => IsV6 ? 128 : 32;

    /// <summary>Reads a CIDR block; host bits are ignored, as EC2 does.</summary>
    public static bool TryParse(string? text, out AddressRange range)
    {
        range = default;
        var slash = text?.IndexOf('/') ?? -1;
        if (text is null || slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || !int.TryParse(text.AsSpan(slash + 1), out var prefix))
        {
            return false;
        }

        var isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        var bits = isV6 ? 128 : 32;
        if (prefix < 0 || prefix > bits)
        {
            return false;
        }

        var number = new BigInteger(address.GetAddressBytes(), isUnsigned: true, isBigEndian: true);
        range = new((number >> (bits - prefix)) << (bits - prefix), prefix, isV6);
        return true;
    }

    /// <summary>Whether every address of another range is in this one.</summary>
    public bool Contains(AddressRange other) => IsV6 == other.IsV6 && First <= other.First && other.Last <= Last;

    /// <summary>Whether the ranges share an address.</summary>
    public bool Overlaps(AddressRange other) => IsV6 == other.IsV6 && First <= other.Last && other.First <= Last;

    /// <summary>The first blocks of a size, as <c>Fn::Cidr</c> cuts them; <see langword="null"/> where they do not fit.</summary>
    /// <param name="count">How many.</param>
    /// <param name="hostBits">The bits of each that vary.</param>
    public ImmutableArray<AddressRange>? Subdivide(int count, int hostBits)
    {
        var prefix = Bits - hostBits;
        if (hostBits < 0 || prefix < Prefix || count > BigInteger.One << (prefix - Prefix))
        {
            return null;
        }

        var (first, isV6) = (First, IsV6);
        return [.. Enumerable.Range(0, count).Select(index => new AddressRange(first + ((BigInteger)index << hostBits), prefix, isV6))];
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bits / 8];
        bytes.Clear();
        var size = First.GetByteCount(isUnsigned: true);
        First.TryWriteBytes(bytes[^size..], out _, isUnsigned: true, isBigEndian: true);
        return $"{new IPAddress(bytes)}/{Prefix}";
    }

    private static AddressRange Known(string text) => TryParse(text, out var range) ? range : throw new ArgumentException($"'{text}' is no CIDR block.", nameof(text));
}
