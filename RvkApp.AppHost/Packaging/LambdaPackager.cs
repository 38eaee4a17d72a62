using Aspire.Hosting.AWS.Deployment.Services;
using Aspire.Hosting.AWS.Lambda;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RvkApp.AppHost.Packaging;

/// <summary>Packages the Lambda functions of the model.</summary>
internal sealed class LambdaPackager(LambdaPackage package, ILogger<LambdaPackager> logger) : ILambdaDeploymentPackager
{
    /// <summary>Puts the function's zip into a directory.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be built: why, and where the whole output is.</exception>
    public async Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken)
    {
        var built = await new LambdaPackageBuilder(package, logger).BuildAsync(lambdaFunction.GetProjectMetadata().ProjectPath, cancellationToken);
        Directory.CreateDirectory(outputDirectory);
        var zip = Path.Combine(outputDirectory, $"{lambdaFunction.Name}.zip");
        File.Copy(built.Zip, zip, overwrite: true);
        return new LambdaDeploymentPackagerResult { Success = true, LocalLocation = zip };
    }
}

/// <summary>Adds the packager to the model.</summary>
internal static class LambdaPackagerExtensions
{
    /// <summary>
    /// Has this app host package its Lambda functions itself. Call it before <c>AddAWSCDKEnvironment</c>, and give the function the handler and the runtime of the package.
    /// </summary>
    public static void AddLambdaPackager(this IDistributedApplicationBuilder builder, LambdaPackage package)
    {
        builder.Services.AddSingleton(package);
        builder.Services.AddSingleton<ILambdaDeploymentPackager, LambdaPackager>();
    }
}
