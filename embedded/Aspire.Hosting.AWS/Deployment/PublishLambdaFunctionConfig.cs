using System.Diagnostics.CodeAnalysis;
using Amazon.CDK.AWS.Lambda;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Changes what a Lambda function becomes in AWS.</summary>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public class PublishLambdaFunctionConfig
{
    /// <summary>Called with the function's properties before the defaults are filled in. What it sets, stays.</summary>
    public PublishCallback<FunctionProps>? PropsFunctionCallback { get; set; }

    /// <summary>Called with the function once it is in the stack.</summary>
    public PublishCallback<Function>? ConstructFunctionCallback { get; set; }
}

/// <summary>The resource becomes a Lambda function.</summary>
internal sealed class PublishLambdaFunctionAnnotation : IAWSPublishTargetAnnotation
{
    public PublishLambdaFunctionConfig Config { get; init; } = new();
}
