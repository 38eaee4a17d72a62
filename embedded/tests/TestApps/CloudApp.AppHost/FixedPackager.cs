using System.IO.Compression;
using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;

namespace CloudApp.AppHost;

/// <summary>Packages a text in place of a program, which is all that synthesis looks at.</summary>
internal sealed class FixedPackager(string? broken) : ILambdaDeploymentPackager
{
    public async Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
    {
        if (broken == "package")
        {
            return new LambdaDeploymentPackagerResult { Success = false };
        }

        var path = Path.Combine(outputDirectory, "function.zip");
        await using var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create, cancellationToken);
        var entry = zip.CreateEntry("bootstrap");
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var content = await entry.OpenAsync(cancellationToken);
        await using var writer = new StreamWriter(content);
        await writer.WriteAsync(lambdaFunction.Name);
        return new LambdaDeploymentPackagerResult { Success = true, LocalLocation = path };
    }
}
