namespace RvkApp.AppHost.Verification;

/// <summary>What the checks look at.</summary>
/// <param name="Network">The network.</param>
/// <param name="Requirements">What stops a connection.</param>
/// <param name="Options">The choices of the specification.</param>
internal sealed record CheckContext(NetworkModel Network, Requirements Requirements, VerificationOptions Options)
{
    /// <summary>The template.</summary>
    public World World => Network.World;

    /// <summary>What the specification speaks of.</summary>
    public Targets Targets => Network.Targets;
}
