using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting.AWS.Deployment.Services;

/// <summary>Builds the deployment package of a Lambda function. Register one before <c>AddAWSCDKEnvironment</c> to replace the default.</summary>
public interface ILambdaDeploymentPackager
{
    /// <summary>Builds a deployment package.</summary>
    /// <param name="lambdaFunction">The function.</param>
    /// <param name="outputDirectory">Where the package is to be put.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether that worked, and where the package is.</returns>
    Task<LambdaDeploymentPackagerResult> CreateDeploymentPackageAsync(LambdaProjectResource lambdaFunction, string outputDirectory, CancellationToken cancellationToken);
}

/// <summary>What building a deployment package came to.</summary>
public class LambdaDeploymentPackagerResult
{
    /// <summary>Whether the package is built.</summary>
    public required bool Success { get; init; }

    /// <summary>Where the package is: a zip file.</summary>
    public string? LocalLocation { get; init; }
}
