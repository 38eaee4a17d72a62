using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// What an AppHost tells its watchdog, a line each: <c>+ 4711 123456</c> a child (process id and start mark) has started,
/// <c>- 4711 123456</c> it is gone with its tree, <c>bye</c> the AppHost has stopped everything itself. The watchdog says
/// <c>ready</c> once. The end of the stream without a <c>bye</c> is the end of the AppHost.
/// </summary>
internal static class WatchdogProtocol
{
    public const string Ready = "ready";
    public const string Bye = "bye";

    public static string Started(ProcessIdentity child) => string.Create(CultureInfo.InvariantCulture, $"+ {child.Id} {child.StartMark}");

    public static string Ended(ProcessIdentity child) => string.Create(CultureInfo.InvariantCulture, $"- {child.Id} {child.StartMark}");

    /// <summary>Applies a line to the set of children. False for a line that is neither, such as one that was cut off.</summary>
    public static bool Apply(string line, HashSet<ProcessIdentity> children)
    {
        var parts = line.Split(' ');
        if (parts.Length != 3
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var startMark))
        {
            return false;
        }

        var child = new ProcessIdentity(processId, startMark);
        switch (parts[0])
        {
            case "+":
                children.Add(child);
                return true;
            case "-":
                children.Remove(child);
                return true;
            default:
                return false;
        }
    }
}
