using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace RvkApp.AppHost.Packaging;

/// <summary>A package that is built.</summary>
/// <param name="Zip">The zip file, in the cache; copy it, do not move it.</param>
/// <param name="Log">What the compiler said when it was built.</param>
/// <param name="IsNew">Whether it was built now; otherwise its inputs have not changed since.</param>
internal sealed record BuiltPackage(string Zip, string Log, bool IsNew);

/// <summary>Builds the zip that Lambda gets of a project, once for each state of its sources.</summary>
/// <remarks>Packages are kept in <c>obj/lambda</c> of the project, named by the hash of what they are made of.</remarks>
internal sealed class LambdaPackageBuilder(LambdaPackage package, ILogger logger)
{
    // Changes when this code makes something else of the same sources.
    private const string Format = "1";
    private const int KeptPackages = 3;
    private const int ShownLines = 25;

    private static readonly TimeSpan NativeDeadline = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan ReadyToRunDeadline = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan ToolDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    private TimeSpan Deadline => package.Kind == LambdaPackageKind.Native ? NativeDeadline : ReadyToRunDeadline;

    /// <summary>Builds the package, or finds it.</summary>
    /// <param name="projectPath">The project file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DistributedApplicationException">It cannot be built: why, and where the whole output is.</exception>
    public async Task<BuiltPackage> BuildAsync(string projectPath, CancellationToken cancellationToken)
    {
        var project = Path.GetFullPath(projectPath);
        var cache = Path.Combine(Path.GetDirectoryName(project)!, "obj", "lambda");
        Directory.CreateDirectory(cache);
        var options = await OptionsAsync(Path.GetDirectoryName(project)!, cancellationToken);
        var inputs = PackageInputs.Read(project, options);
        var zip = Path.Combine(cache, $"{package.Word}-{inputs.Hash[..32]}.zip");
        var log = Path.ChangeExtension(zip, ".log");
        if (File.Exists(zip))
        {
            return Report(new BuiltPackage(zip, log, IsNew: false));
        }

        // One at a time: a second publisher waits, and then finds what the first has built.
        using var mine = await LockAsync(Path.Combine(cache, $"{package.Word}.lock"), cancellationToken);
        if (File.Exists(zip))
        {
            return Report(new BuiltPackage(zip, log, IsNew: false));
        }

        await BuildAsync(project, inputs, zip, log, cancellationToken);
        if (PackageInputs.Read(project, options).Hash != inputs.Hash)
        {
            File.Delete(zip);
            throw new DistributedApplicationException($"The sources of {Path.GetFileNameWithoutExtension(project)} changed while they were compiled, so what came out is of neither state: publish again.");
        }

        RemoveOld(cache);
        return Report(new BuiltPackage(zip, log, IsNew: true));
    }

    private async Task BuildAsync(string project, PackageInputs inputs, string zip, string log, CancellationToken cancellationToken)
    {
        logger.LogInformation("Compiling {Project} for AWS Lambda ({Kind}: {Reason}); {Duration}",
            Path.GetFileNameWithoutExtension(project), package.Kind, package.Reason, package.Kind == LambdaPackageKind.Native ? "this takes some minutes" : "this takes about a minute");
        var started = Stopwatch.GetTimestamp();
        var work = Directory.CreateTempSubdirectory("rvkapp-lambda-").FullName;
        try
        {
            int exitCode;
            string output;
            try
            {
                (exitCode, output) = await DotnetCommand.RunAsync("dotnet", Arguments(project, inputs.RepositoryRoot, work), Path.GetDirectoryName(project)!, Deadline, cancellationToken);
            }
            catch (TimeoutException exception)
            {
                throw new DistributedApplicationException(exception.Message);
            }

            await File.WriteAllTextAsync(log, output, cancellationToken);
            if (exitCode != 0)
            {
                throw new DistributedApplicationException(Failure(exitCode, output, log));
            }

            logger.LogInformation("Compiled in {Seconds:0} s", Stopwatch.GetElapsedTime(started).TotalSeconds);
            WriteZip(Files(Path.Combine(work, "publish", Path.GetFileNameWithoutExtension(project), $"release_{LambdaPackage.RuntimeIdentifier}"), Path.GetFileNameWithoutExtension(project)), zip);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private List<string> Arguments(string project, string root, string work)
    {
        List<string> arguments =
        [
            "publish", project, "-c", "Release", "-r", LambdaPackage.RuntimeIdentifier, "--artifacts-path", work, "-nodeReuse:false", "-p:UseSharedCompilation=false", "--nologo",
            $"-p:AspirePackages={Mode()}",
            // Where the sources are must not be in what is made of them.
            $"-p:PathMap={Escape(root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar)}=/_/",
            "-p:DebugType=none",
        ];
        arguments.AddRange(package.Kind == LambdaPackageKind.Native
            ? ["-p:PublishAot=true"]
            : ["-p:PublishReadyToRun=true", "--self-contained", "false", "-p:UseAppHost=false"]);
        return arguments;
    }

    // MSBuild splits a property's value at none of these when they are escaped.
    private static string Escape(string value) => value.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private List<PackageFile> Files(string directory, string name)
    {
        if (package.Kind == LambdaPackageKind.ReadyToRun)
        {
            return [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(IsShipped)
                .Select(path => new PackageFile(Path.GetRelativePath(directory, path).Replace('\\', '/'), path, IsExecutable: false))];
        }

        var executable = Path.Combine(directory, name);
        ElfSymbolVersions.RequireAmazonLinux2023(File.ReadAllBytes(executable), "bootstrap");
        return [new PackageFile("bootstrap", executable, IsExecutable: true), .. Directory.EnumerateFiles(directory, "appsettings*.json")
            .Select(path => new PackageFile(Path.GetFileName(path), path, IsExecutable: false))];
    }

    // Documentation, debug information and the web SDK's list of static files are for development.
    private static bool IsShipped(string path)
        => Path.GetExtension(path) is not (".xml" or ".pdb" or ".dbg") && !path.EndsWith(".staticwebassets.endpoints.json", StringComparison.Ordinal);

    private static void WriteZip(List<PackageFile> files, string zip)
    {
        var temporary = zip + ".tmp";
        using (var output = File.Create(temporary))
        {
            DeterministicZip.Write(output, files);
        }

        File.Move(temporary, zip, overwrite: true);
    }

    private BuiltPackage Report(BuiltPackage built)
    {
        logger.LogInformation("Lambda package ({Kind}, {Runtime}): {Megabytes:0.0} MB, {State}",
            package.Kind, package.Runtime, new FileInfo(built.Zip).Length / 1e6, built.IsNew ? "built" : "unchanged");
        return built;
    }

    private static string Failure(int exitCode, string output, string log)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var errors = lines.Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct().Take(ShownLines).ToArray();
        return $"'dotnet publish' ended with {exitCode}; all of its output is in {log}. {(errors.Length > 0 ? "Its errors" : "Its last lines")}:{Environment.NewLine}"
            + string.Join(Environment.NewLine, errors.Length > 0 ? errors : lines.TakeLast(ShownLines));
    }

    private async Task<List<string>> OptionsAsync(string directory, CancellationToken cancellationToken)
    {
        List<string> options = [Format, package.Word, Mode(), await VersionAsync("dotnet", "--version", directory, cancellationToken)];
        if (package.Kind == LambdaPackageKind.Native)
        {
            var linker = NativeToolchain.Linkers.First(name => NativeToolchain.Find(name, Environment.GetEnvironmentVariable("PATH")) is not null);
            options.Add(await VersionAsync(linker, "--version", directory, cancellationToken));
        }

        return options;
    }

    private static async Task<string> VersionAsync(string command, string argument, string directory, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await DotnetCommand.RunAsync(command, [argument], directory, ToolDeadline, cancellationToken);
        return exitCode == 0 ? output.Trim() : throw new DistributedApplicationException($"'{command} {argument}' ended with {exitCode}: {output.Trim()}");
    }

    // The function is built on what this app host is built on.
    private static string Mode() => typeof(LambdaPackageBuilder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "AspirePackages").Value!;

    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var isWaiting = false; ; isWaiting = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(started) < Deadline)
            {
                if (!isWaiting)
                {
                    logger.LogInformation("Another publication builds the package; waiting for it");
                }

                await Task.Delay(LockPause, cancellationToken);
            }
            catch (IOException exception)
            {
                throw new DistributedApplicationException($"Another publication holds {path} for more than {Deadline.TotalMinutes:0} minutes: end it. ({exception.Message})");
            }
        }
    }

    // The newest stay: they are what going back and forth between two states of the sources needs.
    private void RemoveOld(string cache)
    {
        foreach (var old in new DirectoryInfo(cache).GetFiles($"{package.Word}-*.zip").OrderByDescending(file => file.LastWriteTimeUtc).Skip(KeptPackages))
        {
            old.Delete();
            File.Delete(Path.ChangeExtension(old.FullName, ".log"));
        }
    }
}
