using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS.Lambda.Gateway;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>An emulated API in front of Lambda functions. It is modelled as a program and runs in the app host itself.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="apiGatewayType">What it emulates.</param>
public class APIGatewayEmulatorResource(string name, APIGatewayType apiGatewayType) : ExecutableResource(name, "dotnet", Environment.CurrentDirectory)
{
    /// <summary>What it emulates.</summary>
    internal APIGatewayType ApiGatewayType { get; } = apiGatewayType;

    /// <summary>Its routes, in the order in which the model adds them.</summary>
    internal List<GatewayRoute> Routes { get; } = [];
}
