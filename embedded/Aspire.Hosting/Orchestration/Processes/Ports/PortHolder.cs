using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>Who listens on a port, as far as this user may know.</summary>
internal static class PortHolder
{
    private const string Listening = "0A";

    /// <summary>"name (process 4711)", or null where it cannot be known.</summary>
    public static string? Find(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var sockets = SocketsOn(port);
        if (sockets.Count == 0)
        {
            return null;
        }

        foreach (var process in ProcessTable.Current.Snapshot().Where(process => !process.HasEnded))
        {
            if (HoldsAny(process.Identity.Id, sockets))
            {
                return $"{NameOf(process.Identity.Id)} (process {process.Identity.Id})";
            }
        }

        return null;
    }

    /// <summary>
    /// The link texts of the sockets: <c>0: 0100007F:13D8 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 45678 …</c>
    /// has address:port in field 1, the state in 3, and the inode in 9.
    /// </summary>
    private static HashSet<string> SocketsOn(int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        var sockets = new HashSet<string>();
        foreach (var path in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(path))
            {
                continue;
            }

            foreach (var line in File.ReadLines(path))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                {
                    sockets.Add($"socket:[{fields[9]}]");
                }
            }
        }

        return sockets;
    }

    private static bool HoldsAny(int processId, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd")
                .Any(path => new FileInfo(path).LinkTarget is { } target && sockets.Contains(target));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another user's, or just gone.
            return false;
        }
    }

    private static string NameOf(int processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/comm").Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "a process";
        }
    }
}
