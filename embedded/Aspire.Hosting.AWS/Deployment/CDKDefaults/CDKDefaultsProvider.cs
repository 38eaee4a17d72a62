using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.AWS.Deployment.CDKDefaults;

/// <summary>The default sizes and the default constructs of an environment. Derive from a version of it to change some.</summary>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public abstract partial class CDKDefaultsProvider
{
    private readonly AWSCDKEnvironmentResource _environment;

    /// <summary>Creates the defaults of an environment.</summary>
    /// <param name="environmentResource">The environment.</param>
    protected CDKDefaultsProvider(AWSCDKEnvironmentResource environmentResource)
        => _environment = environmentResource ?? throw new ArgumentNullException(nameof(environmentResource));

    /// <summary>What a Lambda project can become.</summary>
    public enum LambdaProjectResourcePublishTarget
    {
        /// <summary>A Lambda function.</summary>
        LambdaFunction,
    }

    /// <summary>What a Lambda project becomes that says nothing itself.</summary>
    public virtual LambdaProjectResourcePublishTarget DefaultLambdaProjectResourcePublishTarget { get; set; } = LambdaProjectResourcePublishTarget.LambdaFunction;
}

/// <summary>The defaults of the first preview.</summary>
/// <param name="environmentResource">The environment.</param>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public class CDKDefaultsProviderPreviewV1(AWSCDKEnvironmentResource environmentResource) : CDKDefaultsProvider(environmentResource);
