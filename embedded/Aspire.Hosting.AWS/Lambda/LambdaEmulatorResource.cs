using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>The Lambda service emulator. It runs in the app host itself, not as a process.</summary>
/// <param name="name">The resource's name.</param>
public class LambdaEmulatorResource(string name) : ExecutableResource(name, "dotnet", Environment.CurrentDirectory)
{
    internal const string DefaultName = "LambdaServiceEmulator";
    internal const string EndpointName = "http";
}
