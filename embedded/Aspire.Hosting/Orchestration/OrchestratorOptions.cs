namespace Aspire.Hosting.Orchestration;

/// <summary>Settings of the orchestrator: configuration section <c>Embedded</c>.</summary>
internal sealed class OrchestratorOptions
{
    public const string Section = "Embedded";

    /// <summary>The root directory of named volumes.</summary>
    public string VolumesPath { get; set; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "aspire-embedded", "volumes");

    /// <summary>How long a process may take to stop before it is killed.</summary>
    public TimeSpan StopGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long stopping everything may take.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a process without health checks has to run before its end counts as a crash and not as a failed start.</summary>
    public TimeSpan StartedAfter { get; set; } = TimeSpan.FromSeconds(5);
}
