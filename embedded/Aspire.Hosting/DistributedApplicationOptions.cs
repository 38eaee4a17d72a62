using System.Reflection;

namespace Aspire.Hosting;

/// <summary>Settings of <see cref="DistributedApplication.CreateBuilder(DistributedApplicationOptions)"/>.</summary>
public sealed class DistributedApplicationOptions
{
    /// <summary>The command line.</summary>
    public string[]? Args { get; set; }

    /// <summary>The name of the app host's assembly; the process' entry assembly when null.</summary>
    public string? AssemblyName { get; set; }

    /// <summary>The app host's directory; the one its assembly was built from when null.</summary>
    public string? ProjectDirectory { get; set; }

    /// <summary>Whether there is no dashboard. An unavailable dependency then stops the start instead of being waited for.</summary>
    public bool DisableDashboard { get; set; }

    /// <summary>The name the dashboard shows.</summary>
    public string? DashboardApplicationName { get; set; }

    /// <summary>Whether the resources' output is also written to the app host's log, as category <c>APPLICATION.Resources.RESOURCE</c>.</summary>
    public bool EnableResourceLogging { get; set; }

    /// <summary>Whether endpoints of the app host itself may do without TLS.</summary>
    public bool AllowUnsecuredTransport { get; set; }

    /// <summary>The registry that stands in for every image's own.</summary>
    public string? ContainerRegistryOverride { get; set; }

    internal Assembly? ResolveAssembly() => AssemblyName is null
        ? Assembly.GetEntryAssembly()
        : AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == AssemblyName) ?? Assembly.Load(AssemblyName);
}
