using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Mutual exclusion between AppHosts, per port, that ends with the process.</summary>
internal interface IPortLocks
{
    /// <summary>Null when somebody else, or this process, has the lock already. Disposal gives it back.</summary>
    IDisposable? TryLock(int port);
}

/// <summary>The kind that suits the system.</summary>
internal static class PortLocks
{
    public static IPortLocks ForThisSystem() =>
        OperatingSystem.IsLinux() ? new AbstractSocketPortLocks() : new FilePortLocks(Path.Combine(EmbeddedPaths.LocalApplicationData, "ports"));
}

/// <summary>
/// Linux: a name in the abstract socket namespace (unix(7)). That is the network namespace's, just as the ports are; it holds
/// between users, and there is no file to create, to share or to leave behind.
/// </summary>
internal sealed class AbstractSocketPortLocks : IPortLocks
{
    public IDisposable? TryLock(int port)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint($"\0aspire-embedded-port-{port}"));
            return socket;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>Elsewhere: a file that is open for this process alone. The system closes it with the process; the empty files stay.</summary>
internal sealed class FilePortLocks(string directory) : IPortLocks
{
    // What opening a locked file fails with: Windows' own code, and flock(2)'s EWOULDBLOCK as it is.
    private const int SharingViolation = unchecked((int)0x8007_0020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    public IDisposable? TryLock(int port)
    {
        Directory.CreateDirectory(directory);
        try
        {
            return new FileStream(Path.Combine(directory, $"{port}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception) when (exception.HResult is SharingViolation or LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
    }
}
