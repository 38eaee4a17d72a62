using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Pipelines;

/// <summary>Where steps write.</summary>
[Experimental("ASPIREPIPELINES004", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IPipelineOutputService
{
    /// <summary>The directory of the output. It need not exist yet.</summary>
    /// <returns>An absolute path.</returns>
    string GetOutputDirectory();

    /// <summary>The directory of a resource's output. It need not exist yet.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>An absolute path.</returns>
    string GetOutputDirectory(IResource resource);

    /// <summary>A directory that is deleted when the app host ends.</summary>
    /// <returns>An absolute path.</returns>
    string GetTempDirectory();

    /// <summary>A resource's part of <see cref="GetTempDirectory()"/>. It need not exist yet.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>An absolute path.</returns>
    string GetTempDirectory(IResource resource);
}

/// <inheritdoc cref="IPipelineOutputService"/>
internal sealed class PipelineOutputService(string? outputPath, string appHostDirectory) : IPipelineOutputService, IDisposable
{
    private readonly string _output = outputPath is { Length: > 0 } ? Path.GetFullPath(outputPath) : Path.Combine(appHostDirectory, "aspire-output");
    private readonly Lazy<DirectoryInfo> _temporary = new(() => Directory.CreateTempSubdirectory("aspire-pipelines-"));

    public string GetOutputDirectory() => _output;

    public string GetOutputDirectory(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Path.Combine(_output, resource.Name);
    }

    public string GetTempDirectory() => _temporary.Value.FullName;

    public string GetTempDirectory(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Path.Combine(GetTempDirectory(), resource.Name);
    }

    public void Dispose()
    {
        if (!_temporary.IsValueCreated)
        {
            return;
        }

        try
        {
            _temporary.Value.Delete(recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody still has a file open. The system clears its temporary directory; the result is complete.
        }
    }
}
