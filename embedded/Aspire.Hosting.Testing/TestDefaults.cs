using System.Reflection;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>What is different for an app host under test: no dashboard, random ports, and the environment of its launch profile.</summary>
internal static class TestDefaults
{
    public static void Apply(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings settings,
        string[] args,
        Assembly appHost,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configure)
    {
        options.Args = settings.Args = [.. settings.Args ?? [], .. args];
        options.AssemblyName = settings.ApplicationName = appHost.GetName().Name;
        options.DisableDashboard = true;
        options.EnableResourceLogging = true;
        if (DistributedApplicationBuilder.Metadata(appHost, "apphostprojectpath") is { } directory && Directory.Exists(directory))
        {
            settings.ContentRootPath = directory;
        }

        settings.Configuration ??= new ConfigurationManager();
        // Below the command line, which is added when the builder is made.
        settings.Configuration.AddInMemoryCollection([new("DcpPublisher:RandomizePorts", "true")]);
        configure(options, settings);
        AddLaunchProfile(settings, settings.ContentRootPath);
    }

    private static void AddLaunchProfile(HostApplicationBuilderSettings settings, string? directory)
    {
        if (directory is null || LaunchProfileSelector.Read(directory, Path.Combine(directory, "Properties", "launchSettings.json")) is not { } launchSettings)
        {
            return;
        }

        var known = new ConfigurationManager();
        known.AddConfiguration(settings.Configuration!);
        known.AddCommandLine(settings.Args ?? []);
        var name = known["DOTNET_LAUNCH_PROFILE"];
        if (name is not null && !launchSettings.Profiles.ContainsKey(name))
        {
            throw new InvalidOperationException($"The app host has no launch profile '{name}'.");
        }

        name ??= launchSettings.Profiles.Keys.FirstOrDefault();
        if (name is null)
        {
            return;
        }

        var added = new Dictionary<string, string?> { ["DOTNET_LAUNCH_PROFILE"] = name };
        foreach (var (variable, value) in launchSettings.Profiles[name].EnvironmentVariables)
        {
            added[variable.Replace("__", ":", StringComparison.Ordinal)] = value;
            foreach (var prefix in (string[])["DOTNET_", "ASPNETCORE_"])
            {
                if (variable.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                {
                    added[variable[prefix.Length..]] = value;
                }
            }
        }

        settings.Configuration!.AddInMemoryCollection(added.Where(pair => known[pair.Key] is null));
    }
}
