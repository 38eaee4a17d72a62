using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>Which ports are given out when any will do.</summary>
internal static class PortRange
{
    private const int First = 20_000;
    private const int Last = 32_767;
    private const int TooFew = 1_000;
    private const string EphemeralRangeFile = "/proc/sys/net/ipv4/ip_local_port_range";

    // Below Linux's default range for outgoing connections, and that of macOS and Windows (49152-65535). A developer expects these:
    private static readonly int[] WellKnown = [27_017, 27_018, 27_019, 25_672, 28_015];

    /// <summary>The ports to try on this machine.</summary>
    public static IReadOnlyList<int> Candidates() =>
        Candidates(File.Exists(EphemeralRangeFile) ? File.ReadAllText(EphemeralRangeFile) : "49152 65535");

    /// <param name="ephemeralRange">Two numbers, as Linux writes them: <c>32768	60999</c>.</param>
    internal static IReadOnlyList<int> Candidates(string ephemeralRange)
    {
        var numbers = ephemeralRange.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var from = int.Parse(numbers[0], CultureInfo.InvariantCulture);
        var to = int.Parse(numbers[1], CultureInfo.InvariantCulture);
        var usual = Without(First, Last, from, to);
        if (usual.Count >= TooFew)
        {
            return usual;
        }

        // Somebody widened the range. What remains above 1024, and if that is next to nothing, the usual ports after all: then an
        // outgoing connection may take one between the reservation and the start.
        var others = Without(5_000, 65_535, from, to);
        return others.Count >= TooFew ? others : Without(First, Last, 0, -1);
    }

    private static List<int> Without(int first, int last, int from, int to) =>
        [.. Enumerable.Range(first, last - first + 1).Where(port => (port < from || port > to) && !WellKnown.Contains(port))];
}
