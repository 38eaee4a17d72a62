using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that programs of the model are published to.</summary>
public interface IComputeEnvironmentResource : IResource
{
    /// <summary>How others in the environment reach the host of an endpoint.</summary>
    /// <param name="endpointReference">The endpoint.</param>
    /// <returns>The expression.</returns>
    [Experimental("ASPIRECOMPUTE002", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    ReferenceExpression GetHostAddressExpression(EndpointReference endpointReference)
        => throw new NotSupportedException($"The environment '{Name}' does not say how an endpoint's host is reached in it.");

    /// <summary>What a property of an endpoint is in the environment.</summary>
    /// <param name="endpointReferenceExpression">The property.</param>
    /// <returns>The expression.</returns>
    [Experimental("ASPIRECOMPUTE002", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
    ReferenceExpression GetEndpointPropertyExpression(EndpointReferenceExpression endpointReferenceExpression)
        => throw new NotSupportedException($"The environment '{Name}' does not say what an endpoint's properties are in it.");
}

/// <summary>The resource is realised by another, for instance by the environment it is published to.</summary>
/// <param name="target">The other resource.</param>
public sealed class DeploymentTargetAnnotation(IResource target) : IResourceAnnotation
{
    /// <summary>The resource that realises it.</summary>
    public IResource DeploymentTarget { get; set; } = target ?? throw new ArgumentNullException(nameof(target));

    /// <summary>The environment that is in.</summary>
    public IComputeEnvironmentResource? ComputeEnvironment { get; set; }
}

/// <summary>The environment that <c>WithComputeEnvironment</c> has chosen for the resource.</summary>
internal sealed class ComputeEnvironmentAnnotation(IComputeEnvironmentResource computeEnvironment) : IResourceAnnotation
{
    public IComputeEnvironmentResource ComputeEnvironment { get; } = computeEnvironment;
}
