namespace Aspire.Hosting.Orchestration;

/// <summary>Finds the file to run, and says clearly why there is none.</summary>
internal static class ExecutableFinder
{
    /// <summary>The absolute path of the file to run.</summary>
    /// <exception cref="ProcessStartException">The file or the working directory is missing, or may not be run.</exception>
    public static string Resolve(ProcessSpec spec, IReadOnlyDictionary<string, string> environment)
    {
        if (string.IsNullOrWhiteSpace(spec.FileName))
        {
            throw new ProcessStartException($"'{spec.Name}' cannot start: no executable is given. Set its command.");
        }

        if (Array.Find([spec.FileName, spec.WorkingDirectory, .. spec.Arguments, .. spec.Environment.Keys, .. spec.Environment.Values], text => text.Contains('\0')) is not null)
        {
            throw new ProcessStartException($"'{spec.Name}' cannot start: its command, an argument or an environment variable contains a NUL character, which no process can receive.");
        }

        if (spec.Environment.Keys.FirstOrDefault(name => name.Length == 0 || name.Contains('=')) is { } badName)
        {
            throw new ProcessStartException($"'{spec.Name}' cannot start: '{badName}' is not the name of an environment variable. A name is not empty and has no '='.");
        }

        if (!Directory.Exists(spec.WorkingDirectory))
        {
            throw new ProcessStartException(File.Exists(spec.WorkingDirectory)
                ? $"'{spec.Name}' cannot start: its working directory '{spec.WorkingDirectory}' is a file. Give it a directory."
                : $"'{spec.Name}' cannot start: its working directory '{spec.WorkingDirectory}' does not exist. Create it or correct the path.");
        }

        return IsBareName(spec.FileName)
            ? FindOnPath(spec, environment.GetValueOrDefault("PATH", ""))
            : CheckFile(spec, Path.GetFullPath(spec.FileName, Path.GetFullPath(spec.WorkingDirectory)));
    }

    private static bool IsBareName(string fileName) =>
        !fileName.Contains(Path.DirectorySeparatorChar) && !fileName.Contains(Path.AltDirectorySeparatorChar);

    private static string FindOnPath(ProcessSpec spec, string path)
    {
        string? notExecutable = null;
        foreach (var directory in path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            foreach (var candidate in Candidates(Path.Combine(Path.GetFullPath(directory, Path.GetFullPath(spec.WorkingDirectory)), spec.FileName)))
            {
                if (File.Exists(candidate))
                {
                    if (MayExecute(candidate))
                    {
                        return candidate;
                    }

                    notExecutable ??= candidate;
                }
            }
        }

        throw new ProcessStartException(notExecutable is null
            ? $"'{spec.Name}' cannot start: the command '{spec.FileName}' was not found on PATH ({path}). Install it, add its directory to PATH, or give its full path."
            : NotExecutable(spec, notExecutable));
    }

    private static string CheckFile(ProcessSpec spec, string path)
    {
        foreach (var candidate in Candidates(path))
        {
            if (File.Exists(candidate))
            {
                return MayExecute(candidate) ? candidate : throw new ProcessStartException(NotExecutable(spec, candidate));
            }
        }

        throw new ProcessStartException(Directory.Exists(path)
            ? $"'{spec.Name}' cannot start: '{path}' is a directory. Give the path of the executable in it."
            : $"'{spec.Name}' cannot start: the executable '{path}' does not exist. Build it or correct the path.");
    }

    /// <summary>On Windows a name without an extension means the extensions of PATHEXT.</summary>
    private static IEnumerable<string> Candidates(string path)
    {
        yield return path;
        if (OperatingSystem.IsWindows() && !Path.HasExtension(path))
        {
            foreach (var extension in (Environment.GetEnvironmentVariable("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return path + extension;
            }
        }
    }

    private static bool MayExecute(string path) => OperatingSystem.IsWindows() || PosixSpawn.MayExecute(path);

    private static string NotExecutable(ProcessSpec spec, string path) =>
        $"'{spec.Name}' cannot start: '{path}' is not executable by this user. Give it permission (chmod +x '{path}').";
}
