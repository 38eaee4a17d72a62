using System.Diagnostics.CodeAnalysis;
using Amazon.CDK;
using Aspire.Hosting.AWS.Deployment.CDKDefaults;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Changes the properties of a construct, or the construct itself.</summary>
/// <typeparam name="T">Their type.</typeparam>
/// <param name="context">The stack and the defaults.</param>
/// <param name="props">What is changed.</param>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public delegate void PublishCallback<T>(CDKPublishTargetContext context, T props);

/// <summary>What a <see cref="PublishCallback{T}"/> works with.</summary>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public class CDKPublishTargetContext
{
    private readonly Stack _stack;

    internal CDKPublishTargetContext(Stack stack, CDKDefaultsProvider defaultsProvider)
    {
        _stack = stack;
        DefaultsProvider = defaultsProvider;
    }

    /// <summary>Has the default sizes and the default constructs.</summary>
    public CDKDefaultsProvider DefaultsProvider { get; }

    /// <summary>The stack that everything is in.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <returns>The stack.</returns>
    /// <exception cref="InvalidCastException">It is of another type.</exception>
    public T GetDeploymentStack<T>() where T : Stack
        => _stack as T ?? throw new InvalidCastException($"The stack is a {_stack.GetType()}, as AddAWSCDKEnvironment was told, not a {typeof(T)}.");
}
