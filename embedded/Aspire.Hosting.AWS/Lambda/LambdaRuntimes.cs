using Amazon.CDK.AWS.Lambda;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Deployment;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>The managed runtimes of Lambda for .NET.</summary>
internal static class LambdaRuntimes
{
    /// <summary>The runtime of a project's target framework.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public static Runtime Of(LambdaProjectResource function)
    {
        var project = ProjectPathOf(function);
        return TargetFramework.Of(project) switch
        {
            "net8.0" => Runtime.DOTNET_8,
            // Not a version with long-term support: its package brings its own runtime.
            "net9.0" => Runtime.DOTNET_8,
            // Newer than the list of the CDK.
            "net10.0" => new Runtime("dotnet10", RuntimeFamily.DOTNET_CORE),
            null => throw new DistributedApplicationException(
                $"The target framework of Lambda function '{function.Name}' is not in its project file or the Directory.Build.props above it: set Runtime in its PublishAsLambdaFunction."),
            var other => throw new DistributedApplicationException(
                $"Lambda has no managed runtime for '{other}', the target framework of Lambda function '{function.Name}': set Runtime in its PublishAsLambdaFunction."),
        };
    }

    /// <summary>A function's project file.</summary>
    public static string ProjectPathOf(LambdaProjectResource function)
        => function.TryGetLastAnnotation<IProjectMetadata>(out var metadata)
            ? metadata.ProjectPath
            : throw new DistributedApplicationException($"Lambda function '{function.Name}' has no project: add it with AddAWSLambdaFunction.");
}
