using System.Runtime.InteropServices;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>Gives a finished file its name, unless the name is taken: one step, whoever else tries it at the same time.</summary>
internal static partial class NewFile
{
    private const int EExist = 17;

    /// <summary>Moves a file to a name that nothing has yet.</summary>
    /// <param name="source">The finished file. After a success only its new name is left.</param>
    /// <param name="destination">The name, in the same file system.</param>
    /// <returns>Whether it got the name; if not, the source is as it was.</returns>
    /// <exception cref="IOException">The move failed for another reason.</exception>
    public static bool TryMove(string source, string destination)
    {
        // On Unix, File.Move looks whether the name is free and then renames, so the second of two movers replaces the first one's file.
        // A hard link is refused by the kernel when the name exists. Where a file system has no links, the look is all there is.
        if (!OperatingSystem.IsWindows())
        {
            if (Link(source, destination) == 0)
            {
                File.Delete(source);
                return true;
            }

            if (Marshal.GetLastPInvokeError() == EExist)
            {
                return false;
            }
        }

        try
        {
            File.Move(source, destination, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(destination))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
