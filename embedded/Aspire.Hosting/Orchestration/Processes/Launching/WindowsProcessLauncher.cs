namespace Aspire.Hosting.Orchestration;

/// <summary>Windows: a job object for each child.</summary>
internal sealed class WindowsProcessLauncher : IProcessLauncher
{
    public ILaunchedProcess Launch(LaunchRequest request) => throw new PlatformNotSupportedException("Not on Windows yet.");
}
