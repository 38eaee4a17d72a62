using System.Diagnostics;
using System.Globalization;

namespace RvkApp.Bench;

/// <summary>A started program with everything it starts, read from /proc (Linux).</summary>
internal sealed class ProcessTree : IAsyncDisposable
{
    private readonly Process _root;
    private readonly Queue<string> _lastLines = new();

    private ProcessTree(Process root) => _root = root;

    /// <summary>Starts a program.</summary>
    /// <param name="fileName">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="environment">Variables of its environment.</param>
    /// <param name="inherit">Whether this process's variables are there as well.</param>
    public static ProcessTree Start(
        string fileName, IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string> environment, bool inherit = true)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (!inherit)
        {
            start.Environment.Clear();
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var tree = new ProcessTree(new Process { StartInfo = start });
        tree._root.OutputDataReceived += (_, line) => tree.Keep(line.Data);
        tree._root.ErrorDataReceived += (_, line) => tree.Keep(line.Data);
        tree._root.Start();
        tree._root.BeginOutputReadLine();
        tree._root.BeginErrorReadLine();
        return tree;
    }

    public bool HasExited => _root.HasExited;

    /// <summary>Memory of the program alone; null when it has ended.</summary>
    public ProcessMemory? RootMemory() => ProcessMemory.Read(_root.Id);

    /// <summary>The newest lines the root process printed, at most 20.</summary>
    public string LastOutput
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join(Environment.NewLine, _lastLines);
            }
        }
    }

    /// <summary>Memory of every process of the tree, by name.</summary>
    public IReadOnlyList<ProcessMemory> Memory()
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && TryRead(Path.Combine(directory, "stat")) is { } stat)
            {
                // "1234 (name with ) inside) S 1 …": fields are counted from behind the last parenthesis.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                parents[pid] = int.Parse(fields[1], CultureInfo.InvariantCulture);
            }
        }

        return [.. parents.Keys.Where(IsInTree).Select(ProcessMemory.Read).OfType<ProcessMemory>()];

        bool IsInTree(int pid)
        {
            for (var at = pid; at > 1; at = parents.GetValueOrDefault(at))
            {
                if (at == _root.Id)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Stops the program as Ctrl+C does and waits for its end; kills it after 20 s.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_root.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", _root.Id.ToString(CultureInfo.InvariantCulture)]);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            try
            {
                await _root.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                Console.Error.WriteLine($"{_root.StartInfo.FileName} did not stop within 20 s of SIGINT and was killed.");
                _root.Kill(entireProcessTree: true);
            }
        }

        _root.Dispose();
    }

    internal static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // The process ended between the listing and the read.
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > 20)
            {
                _lastLines.Dequeue();
            }
        }
    }
}

/// <summary>Memory of one process in KiB.</summary>
/// <param name="Name">What it runs: the assembly of a <c>dotnet</c> host, else the executable.</param>
/// <param name="Rss">Resident set size. Pages that processes share count in each.</param>
/// <param name="Pss">Proportional set size: a shared page counts by its share.</param>
/// <param name="PeakRss">The largest resident set so far.</param>
internal sealed record ProcessMemory(string Name, long Rss, long Pss, long PeakRss)
{
    public static ProcessMemory? Read(int pid)
    {
        if (ProcessTree.TryRead($"/proc/{pid}/smaps_rollup") is not { } rollup
            || ProcessTree.TryRead($"/proc/{pid}/status") is not { } status
            || ProcessTree.TryRead($"/proc/{pid}/cmdline") is not { } commandLine)
        {
            return null;
        }

        var words = commandLine.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var name = words.FirstOrDefault(w => w.EndsWith(".dll", StringComparison.Ordinal)) ?? words.FirstOrDefault() ?? $"{pid}";
        name = Path.GetFileName(name);
        return new(name.EndsWith(".dll", StringComparison.Ordinal) ? name[..^4] : name, Field(rollup, "Rss:"), Field(rollup, "Pss:"), Field(status, "VmHWM:"));

        static long Field(string text, string key)
        {
            var line = text.Split('\n').First(l => l.StartsWith(key, StringComparison.Ordinal));
            return long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }
    }
}
