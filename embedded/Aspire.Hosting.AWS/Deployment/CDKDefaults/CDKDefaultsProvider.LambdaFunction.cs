using Amazon.CDK;
using Amazon.CDK.AWS.Lambda;
using Aspire.Hosting.AWS.Lambda;

namespace Aspire.Hosting.AWS.Deployment.CDKDefaults;

public partial class CDKDefaultsProvider
{
    /// <summary>The memory of a Lambda function, in MB.</summary>
    public virtual double? LambdaFunctionMemorySize => 512;

    /// <summary>How long a Lambda function may take for a call, in seconds.</summary>
    public virtual int LambdaFunctionTimeout => 30;

    /// <summary>Fills in what the properties of a Lambda function leave open: memory, timeout, and the runtime of the project's target framework.</summary>
    /// <param name="props">The properties.</param>
    /// <param name="lambdaProjectResource">The function.</param>
    /// <exception cref="DistributedApplicationException">No managed runtime belongs to the project's target framework.</exception>
    protected internal virtual void ApplyLambdaFunctionDefaults(FunctionProps props, LambdaProjectResource lambdaProjectResource)
    {
        ArgumentNullException.ThrowIfNull(props);
        ArgumentNullException.ThrowIfNull(lambdaProjectResource);
        props.MemorySize ??= LambdaFunctionMemorySize;
        props.Timeout ??= Duration.Seconds(LambdaFunctionTimeout);
        props.Runtime ??= LambdaRuntimes.Of(lambdaProjectResource);
    }
}
