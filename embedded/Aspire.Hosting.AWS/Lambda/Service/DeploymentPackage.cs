using System.Diagnostics;
using System.IO.Compression;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>A function's deployment package, built and unpacked into a temporary directory as Lambda does into <c>/var/task</c>. Disposal removes the directory.</summary>
internal sealed class DeploymentPackage : IDisposable
{
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(15);

    // Lambda's quota for an unpacked package.
    private const long LargestUnpacked = 250L * 1024 * 1024;

    private readonly string _directory;

    private DeploymentPackage(string directory, ProcessSpec process)
    {
        _directory = directory;
        Process = process;
    }

    /// <summary>The process of an environment.</summary>
    public ProcessSpec Process { get; }

    /// <summary>Builds and unpacks the package.</summary>
    /// <exception cref="DistributedApplicationException">That does not work; why.</exception>
    public static async Task<DeploymentPackage> BuildAsync(LambdaProjectResource function, string handler, InProcessContext context)
    {
        var packager = context.Services.GetService<ILambdaDeploymentPackager>()
            ?? new DefaultLambdaDeploymentPackager(context.Services.GetRequiredService<ILogger<DefaultLambdaDeploymentPackager>>());
        var directory = Directory.CreateTempSubdirectory("lambda-").FullName;
        try
        {
            context.Logger.LogInformation("The deployment package of '{Function}' is being built; a native one takes minutes.", function.Name);
            var started = Stopwatch.StartNew();
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
            deadline.CancelAfter(BuildTimeout);
            var output = Directory.CreateDirectory(Path.Combine(directory, "package")).FullName;
            var result = await packager.CreateDeploymentPackageAsync(function, output, deadline.Token).ConfigureAwait(false);
            if (!result.Success || result.LocalLocation is not { } location || !File.Exists(location))
            {
                throw new DistributedApplicationException($"The deployment package of Lambda function '{function.Name}' could not be built; what went wrong is among the app host's lines above.");
            }

            var task = Directory.CreateDirectory(Path.Combine(directory, "task")).FullName;
            await UnpackAsync(location, task, deadline.Token).ConfigureAwait(false);
            File.Delete(location);
            context.Logger.LogInformation("The deployment package of '{Function}' was built in {Seconds:0.0} s.", function.Name, started.Elapsed.TotalSeconds);
            return new DeploymentPackage(directory, ProcessIn(task, function.Name, handler, context.Process));
        }
        catch
        {
            Remove(directory);
            throw;
        }
    }

    public void Dispose() => Remove(_directory);

    /// <summary>Unpacks a zip file, with the modes that it has for its files, into a directory and nowhere else.</summary>
    /// <exception cref="DistributedApplicationException">It is no zip file, is too large, or has a file that would land elsewhere.</exception>
    internal static async Task UnpackAsync(string package, string directory, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(directory) + Path.DirectorySeparatorChar;
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(package, cancellationToken).ConfigureAwait(false);
            if (zip.Entries.Sum(entry => entry.Length) > LargestUnpacked)
            {
                throw new DistributedApplicationException($"The deployment package '{package}' has more than {LargestUnpacked >> 20} MB unpacked, which Lambda does not take.");
            }

            foreach (var entry in zip.Entries)
            {
                var path = Path.GetFullPath(Path.Combine(root, entry.FullName));
                if (!path.StartsWith(root, StringComparison.Ordinal))
                {
                    throw new DistributedApplicationException($"The deployment package '{package}' has a file '{entry.FullName}' that would be unpacked outside of its directory.");
                }

                if (entry.FullName.EndsWith('/'))
                {
                    Directory.CreateDirectory(path);
                    continue;
                }

                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                // Brings the mode along, without which nothing could be executed.
                await entry.ExtractToFileAsync(path, overwrite: false, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException exception)
        {
            throw new DistributedApplicationException($"The deployment package '{package}' is no zip file: {exception.Message}", exception);
        }
    }

    // The runtime of an executable assembly starts it by the name of its handler; any other runs 'bootstrap'.
    private static ProcessSpec ProcessIn(string task, string name, string handler, ProcessSpec project)
    {
        var environment = new Dictionary<string, string>(project.Environment) { ["LAMBDA_TASK_ROOT"] = task };
        var bootstrap = Path.Combine(task, "bootstrap");
        if (File.Exists(bootstrap))
        {
            return new ProcessSpec(name, bootstrap, [], task, environment);
        }

        var assembly = Path.Combine(task, $"{handler}.dll");
        return File.Exists(assembly)
            ? new ProcessSpec(name, DotNetHost.Path, ["exec", assembly], task, environment)
            : throw new DistributedApplicationException($"The deployment package of Lambda function '{name}' has neither a 'bootstrap' nor a '{handler}.dll', which its handler '{handler}' names.");
    }

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
