using System.Globalization;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// DIR/embedded and the files beside the store: <c>FORMAT</c> with the version of the layout, <c>server.lock</c> held while a
/// process uses the directory, <c>boot</c> with which boot of the machine it was last used in, <c>store/</c> with RocksDB's own files,
/// and <c>CREATING</c> for as long as the first start has not finished.
/// Copying the directory of a stopped server copies the database.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Raised when an older program could no longer read what this one writes.</summary>
    public const int FormatVersion = 1;

    /// <summary>Linux has an identifier of each boot; elsewhere boot time is now minus uptime, which wobbles when the clock is set.</summary>
    private const string LinuxBootId = "/proc/sys/kernel/random/boot_id";

    private static readonly TimeSpan BootTolerance = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private DataDirectory(string root, FileStream lockFile, bool isNew, bool rebooted)
    {
        Root = root;
        _lock = lockFile;
        IsNew = isNew;
        Rebooted = rebooted;
    }

    public string Root { get; }

    public string StorePath => Path.Combine(Root, "store");

    /// <summary>True when there was no store in it.</summary>
    public bool IsNew { get; }

    /// <summary>True when the machine may have lost power since the last use, so that the end of the log may be torn.</summary>
    public bool Rebooted { get; }

    /// <exception cref="DataDirectoryException">Unwritable, in use, or written by a newer version.</exception>
    public static DataDirectory Open(string dbPath)
    {
        string root = Path.Combine(Path.GetFullPath(dbPath), "embedded");
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(root);
            held = Lock(root);
            bool isNew = CheckFormat(root);
            bool rebooted = CheckBoot(root);
            return new DataDirectory(root, held, isNew, rebooted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new DataDirectoryException(
                $"The data directory {root} cannot be read and written ({e.Message}); give this user access to it or choose another --dbpath.", e);
        }
        catch (DataDirectoryException)
        {
            held?.Dispose();
            throw;
        }
    }

    /// <summary>Records that the store exists and in which format; called once it does.</summary>
    public void MarkCreated()
    {
        if (IsNew)
        {
            WriteWhole(Path.Combine(Root, "FORMAT"), $"{FormatVersion}\n");
            File.Delete(Path.Combine(Root, "CREATING"));
        }
    }

    /// <summary>Copies the log files aside before a recovery that may cut their end off.</summary>
    /// <returns>Where they are.</returns>
    public string KeepLogs()
    {
        string target = Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"logs-before-recovery-{DateTime.UtcNow:yyyyMMdd-HHmmss}"));
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(StorePath, "*.log"))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
        return target;
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string root)
    {
        string path = Path.Combine(root, "server.lock");
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException && File.Exists(path))
        {
            throw new DataDirectoryException(
                $"The data directory {root} is in use by another process; stop that server or choose another --dbpath.", e);
        }
        file.SetLength(0);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        file.Flush();
        return file;
    }

    /// <returns>True when there is no store yet.</returns>
    private static bool CheckFormat(string root)
    {
        string format = Path.Combine(root, "FORMAT");
        string creating = Path.Combine(root, "CREATING");
        string store = Path.Combine(root, "store");
        bool hasStore = Directory.Exists(store) && Directory.EnumerateFileSystemEntries(store).Any();
        if (!File.Exists(format))
        {
            if (hasStore && !File.Exists(creating))
            {
                throw new DataDirectoryException(
                    $"{format} is missing while {store} has data; restore the file from a copy (its text is \"{FormatVersion}\").");
            }
            // A first start that was cut short: it never listened, so nothing in the store was acknowledged to anyone.
            WriteWhole(creating, $"{FormatVersion}\n");
            if (hasStore)
            {
                Directory.Delete(store, recursive: true);
            }
            return true;
        }
        string text = File.ReadAllText(format).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version))
        {
            throw new DataDirectoryException($"{format} is corrupt: it should hold a format version and holds \"{Shorten(text)}\".");
        }
        if (version > FormatVersion)
        {
            throw new DataDirectoryException(
                $"{root} was written by a newer version (format {version}, this program reads up to {FormatVersion}); start it with that version.");
        }
        if (!hasStore)
        {
            throw new DataDirectoryException(
                $"{format} says there is a database but {store} is empty or missing; restore it from a copy, or remove {root} to start anew.");
        }
        File.Delete(creating);
        return false;
    }

    /// <returns>True when the machine was started since the last use, or that is not known.</returns>
    private static bool CheckBoot(string root)
    {
        string path = Path.Combine(root, "boot");
        string last = File.Exists(path) ? File.ReadAllText(path).Trim() : "";
        string now = File.Exists(LinuxBootId)
            ? File.ReadAllText(LinuxBootId).Trim()
            : (DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64)).ToString("O", CultureInfo.InvariantCulture);
        if (last == now)
        {
            return false;
        }
        WriteWhole(path, now + "\n");
        return !(TryTime(last, out DateTime before) && TryTime(now, out DateTime current) && (current - before).Duration() < BootTolerance);

        static bool TryTime(string text, out DateTime time) => DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out time);
    }

    private static void WriteWhole(string path, string text)
    {
        string temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
