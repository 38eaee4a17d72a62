using System.Globalization;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Ports as people read them.</summary>
internal static class Ports
{
    /// <summary>A range of ports.</summary>
    /// <param name="first">The first port.</param>
    /// <param name="last">The last port.</param>
    /// <returns>One number, or two with a hyphen.</returns>
    public static string Range(int first, int last) => first == last ? Text(first) : $"{Text(first)}-{Text(last)}";

    /// <summary>A protocol and its ports, such as <c>TCP 27017</c>, <c>invoke</c> or <c>all protocols</c>.</summary>
    /// <param name="protocol">The protocol.</param>
    /// <param name="ports">The ports; empty where there are none or all.</param>
    /// <returns>The label.</returns>
    public static string Label(string protocol, string ports) => (protocol, ports) switch
    {
        ("all" or "any", "" or "0-65535") => "all protocols",
        ("invoke", _) => "invoke",
        (_, "") => $"all {protocol.ToUpperInvariant()}",
        _ => $"{protocol.ToUpperInvariant()} {ports}",
    };

    /// <summary>Whether a flow's ports and a rule's have one in common.</summary>
    /// <param name="ports">A port or a range, as a report has it; empty is any.</param>
    /// <param name="first">The rule's first port.</param>
    /// <param name="last">The rule's last port.</param>
    /// <returns>Whether they overlap.</returns>
    public static bool Overlap(string ports, int first, int last)
    {
        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        var (from, to) = dash < 0 ? (ports, ports) : (ports[..dash], ports[(dash + 1)..]);
        return !int.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var low)
            || !int.TryParse(to, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            || (low <= last && first <= high);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
