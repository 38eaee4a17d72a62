using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>Settings of the orchestrator: configuration section <c>Embedded</c>.</summary>
internal sealed class OrchestratorOptions
{
    private const string Section = "Embedded";

    /// <summary>The root directory of named volumes.</summary>
    public string VolumesPath { get; set; } = Path.Combine(EmbeddedPaths.LocalApplicationData, "volumes");

    /// <summary>How long a process may take to stop before it is killed. Default: 10 s.</summary>
    public TimeSpan StopGracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long stopping everything may take before what is left is killed. Default: 45 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>How long a process without health checks has to run before its end counts as a crash and not as a failed start. Default: 5 s.</summary>
    public TimeSpan StartedAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How soon and how often a process that crashes is started again.</summary>
    public RestartBackoffOptions Restart { get; set; } = new();

    /// <summary>How often health is checked.</summary>
    public HealthCheckIntervals Health { get; set; } = new();

    /// <summary>Reads the settings.</summary>
    /// <exception cref="DistributedApplicationException">A value is wrong.</exception>
    public static OrchestratorOptions From(IConfiguration configuration, string appHostDirectory)
    {
        var options = new OrchestratorOptions();
        try
        {
            configuration.GetSection(Section).Bind(options);
            options.Validate();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new DistributedApplicationException($"The configuration section '{Section}' is not valid: {exception.Message}", exception);
        }

        options.VolumesPath = Path.GetFullPath(options.VolumesPath, appHostDirectory);
        return options;
    }

    private void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(VolumesPath);
        ArgumentOutOfRangeException.ThrowIfLessThan(StopGracePeriod, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ShutdownTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(StartedAfter, TimeSpan.Zero);
        Restart.Validate();
        Health.Validate();
    }
}

/// <summary>How often health is checked.</summary>
internal sealed class HealthCheckIntervals
{
    /// <summary>The first interval while a resource is not healthy yet; each is half as long again as the one before. Default: 25 ms.</summary>
    public TimeSpan Starting { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest interval while a resource is not healthy. Default: 1 s.</summary>
    public TimeSpan Unhealthy { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The interval while a resource is healthy. Default: 30 s.</summary>
    public TimeSpan Healthy { get; set; } = TimeSpan.FromSeconds(30);

    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Starting, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Unhealthy, Starting);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Healthy, TimeSpan.Zero);
    }
}
