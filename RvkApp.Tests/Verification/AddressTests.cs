using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>Address ranges and the traffic of rules.</summary>
public class AddressTests
{
    [Theory]
    [InlineData("10.0.1.7/24", "10.0.1.0/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("255.255.255.255/32", "255.255.255.255/32")]
    [InlineData("2001:db8::1/64", "2001:db8::/64")]
    [InlineData("::/0", "::/0")]
    public void A_range_is_read_without_its_host_bits(string text, string expected) => Assert.Equal(expected, Range(text).ToString());

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("::/129")]
    [InlineData("ten/8")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_range_is_refused(string? text) => Assert.False(AddressRange.TryParse(text, out _));

    [Theory]
    [InlineData("0.0.0.0/0", true, false)]
    [InlineData("128.0.0.0/1", true, false)]
    [InlineData("10.0.0.0/7", true, false)]
    [InlineData("::/0", true, false)]
    [InlineData("8.8.8.8/32", true, false)]
    [InlineData("10.0.0.0/16", false, false)]
    [InlineData("192.168.1.0/24", false, false)]
    [InlineData("fd00::/8", false, false)]
    [InlineData("255.255.255.255/32", false, true)]
    [InlineData("127.0.0.1/32", false, true)]
    [InlineData("::1/128", false, true)]
    public void It_is_known_whom_a_range_means(string text, bool internet, bool nobody)
    {
        Assert.Equal(internet, Range(text).ReachesInternet);
        Assert.Equal(nobody, Range(text).IsUnroutable);
    }

    [Fact]
    public void Ranges_of_both_families_never_meet() => Assert.False(AddressRange.AnyV4.Overlaps(AddressRange.AnyV6));

    [Theory]
    [InlineData("tcp", 10, 20, "tcp", 15, 30, "tcp", 15, 20)]
    [InlineData("all", 0, 65535, "udp", 53, 53, "udp", 53, 53)]
    [InlineData("tcp", 443, 443, "all", 0, 65535, "tcp", 443, 443)]
    public void Rules_let_through_what_both_let_through(string p1, int f1, int t1, string p2, int f2, int t2, string p, int f, int t) =>
        Assert.Equal(new Traffic(p, f, t), new Traffic(p1, f1, t1).Intersect(new(p2, f2, t2)));

    [Fact]
    public void Rules_of_other_protocols_or_ports_let_nothing_through()
    {
        Assert.Null(new Traffic("tcp", 1, 2).Intersect(new("udp", 1, 2)));
        Assert.Null(new Traffic("tcp", 1, 2).Intersect(new("tcp", 3, 4)));
    }

    [Fact]
    public void What_is_left_of_a_range_is_what_is_beside_the_other() =>
        Assert.Equal([new("tcp", 1, 9), new("tcp", 11, 65535)], new Traffic("tcp", 1, 65535).Without(new("tcp", 10, 10)));

    [Theory]
    [InlineData("6", "tcp")]
    [InlineData("TCP", "tcp")]
    [InlineData("17", "udp")]
    [InlineData("-1", "all")]
    [InlineData("1", "icmp")]
    [InlineData("58", "icmpv6")]
    [InlineData("47", "47")]
    public void A_protocol_by_number_is_the_one_by_name(string written, string expected) => Assert.Equal(expected, Traffic.ProtocolName(written));

    private static AddressRange Range(string text) => AddressRange.TryParse(text, out var range) ? range : throw new ArgumentException(text);
}
