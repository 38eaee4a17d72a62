namespace Aspire.Hosting.Orchestration;

/// <summary>The record of this run. Each change replaces the file as a whole, so a reader never sees half of one.</summary>
internal sealed class RunRecordFile
{
    /// <summary>What the name of a record ends with.</summary>
    public const string Extension = ".json";

    private readonly Lock _lock = new();
    private RunRecord _record;
    private bool _deleted;

    /// <summary>Creates the directory (for this user only) and the file.</summary>
    /// <exception cref="ProcessStartException">That is not possible.</exception>
    public RunRecordFile(string directory, RunRecord record)
    {
        Location = Path.Combine(Path.GetFullPath(directory), record.RunId + Extension);
        _record = record;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // The local application data is the user's own by its access control list.
                Directory.CreateDirectory(directory);
            }
            else
            {
                Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            Write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProcessStartException($"No process can be started: the run record '{Location}' cannot be written ({exception.Message}). Make its directory writable for this user.", exception);
        }
    }

    /// <summary>The absolute path of the file.</summary>
    public string Location { get; }

    /// <summary>Changes the record.</summary>
    public void Update(Func<RunRecord, RunRecord> change)
    {
        lock (_lock)
        {
            _record = change(_record);
            if (!_deleted)
            {
                Write();
            }
        }
    }

    /// <summary>The run is over.</summary>
    public void Delete()
    {
        lock (_lock)
        {
            _deleted = true;
            File.Delete(Location);
        }
    }

    private void Write()
    {
        var temporary = Location + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(_record.Serialize());
        }

        File.Move(temporary, Location, overwrite: true);
    }
}
