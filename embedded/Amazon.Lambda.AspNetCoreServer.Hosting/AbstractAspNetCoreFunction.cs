namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>The keys of what an application finds in <c>HttpContext.Items</c>. Functions that derive from this class are not implemented.</summary>
#pragma warning disable CA1707 // the names are the package's
public abstract class AbstractAspNetCoreFunction
{
    /// <summary>The key of the <see cref="Core.ILambdaContext"/>.</summary>
    public const string LAMBDA_CONTEXT = "LambdaContext";

    /// <summary>
    /// The key of the event: an <see cref="APIGatewayEvents.APIGatewayHttpApiV2ProxyRequest"/>, <see cref="APIGatewayEvents.APIGatewayProxyRequest"/> or
    /// <see cref="ApplicationLoadBalancerEvents.ApplicationLoadBalancerRequest"/>, as the event source says.
    /// </summary>
    public const string LAMBDA_REQUEST_OBJECT = "LambdaRequestObject";

    private protected AbstractAspNetCoreFunction()
    {
    }
}
