using System.IO.Compression;
using Aspire.Hosting.AWS.Lambda;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Deployment.Services;

/// <summary>Publishes the project for Lambda's managed runtime on Linux x64 and zips what comes out, byte for byte the same for the same files.</summary>
internal sealed class DefaultLambdaDeploymentPackager(ILogger<DefaultLambdaDeploymentPackager> logger) : ILambdaDeploymentPackager
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(10);

    // The earliest time a zip file can hold; the real one would make every package another.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
    {
        var project = LambdaRuntimes.ProjectPathOf(lambdaFunction);
        var files = Path.Combine(outputDirectory, "publish");
        var exitCode = await new Command("dotnet", ["publish", project, "--configuration", "Release", "--runtime", "linux-x64", "--self-contained", "false", "--output", files, "--nologo", "--verbosity", "quiet"])
        {
            WorkingDirectory = Path.GetDirectoryName(project)!,
            Timeout = BuildTimeout,
        }.RunAsync(line => logger.LogInformation("{Line}", line), cancellationToken);
        if (exitCode != 0)
        {
            return new LambdaDeploymentPackagerResult { Success = false };
        }

        var package = Path.Combine(outputDirectory, $"{lambdaFunction.Name}.zip");
        await ZipAsync(files, package, cancellationToken);
        return new LambdaDeploymentPackagerResult { Success = true, LocalLocation = package };
    }

    private static async Task ZipAsync(string directory, string package, CancellationToken cancellationToken)
    {
        await using var stream = File.Create(package);
        await using var zip = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Create, leaveOpen: false, entryNameEncoding: null, cancellationToken);
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(Path.GetRelativePath(directory, file).Replace('\\', '/'), CompressionLevel.SmallestSize);
            entry.LastWriteTime = Timestamp;
            // Readable for whoever Lambda runs the function as, whatever this machine's file mode is: rw-r--r--, of a regular file.
            entry.ExternalAttributes = Convert.ToInt32("100644", 8) << 16;
            await using var source = File.OpenRead(file);
            await using var target = await entry.OpenAsync(cancellationToken);
            await source.CopyToAsync(target, cancellationToken);
        }
    }
}
