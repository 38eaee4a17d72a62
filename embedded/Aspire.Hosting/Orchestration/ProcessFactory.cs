using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Works out what to run for a resource.</summary>
internal sealed class ProcessFactory(
    DistributedApplicationExecutionContext executionContext,
    ResourceLoggerService loggers,
    OrchestratorOptions options,
    IHostEnvironment environment,
    IServiceProvider services)
{
    /// <summary>Whether a resource is run as a process.</summary>
    public static bool IsRunnable(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    /// <summary>Works out what to run.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be run; the message says what is missing.</exception>
    public async Task<ProcessSpec> CreateAsync(IResource resource, CancellationToken cancellationToken)
    {
        var log = loggers.GetLogger(resource);
        var variables = await ResourceConfiguration.ResolveEnvironmentAsync(resource, executionContext, log, cancellationToken);
        var arguments = await ResourceConfiguration.ResolveArgumentsAsync(resource, executionContext, log, cancellationToken);
        if (resource.TryGetLastAnnotation<ContainerLifetimeAnnotation>(out var lifetime) && lifetime.Lifetime == ContainerLifetime.Persistent)
        {
            log.LogWarning("A persistent lifetime is not implemented: '{Resource}' ends with the app host. Its named volumes stay.", resource.Name);
        }

        switch (resource)
        {
            case ProjectResource project:
                variables.TryAdd("DOTNET_ENVIRONMENT", environment.EnvironmentName);
                variables.TryAdd("ASPNETCORE_ENVIRONMENT", environment.EnvironmentName);
                return await CreateProjectAsync(project, variables, arguments, cancellationToken);

            case ContainerResource when resource.TryGetLastAnnotation<LocalProcessAnnotation>(out var local):
                return await local.CreateProcess(new LocalProcessContext
                {
                    Resource = resource,
                    Environment = variables,
                    Arguments = arguments,
                    Endpoints = [.. resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.AllocatedEndpoint).OfType<AllocatedEndpoint>()],
                    VolumesPath = options.VolumesPath,
                    Services = services,
                    Logger = log,
                    CancellationToken = cancellationToken,
                });

            case ContainerResource container:
                return await services.GetRequiredService<ContainerProcesses>().CreateAsync(container, variables, arguments, executionContext, cancellationToken);

            case ExecutableResource executable:
                return Directory.Exists(executable.WorkingDirectory)
                    ? new ProcessSpec(resource.Name, executable.Command, arguments, executable.WorkingDirectory, variables)
                    : throw new DistributedApplicationException($"The working directory '{executable.WorkingDirectory}' of resource '{resource.Name}' does not exist.");

            default:
                throw new InvalidOperationException($"Resource '{resource.Name}' is a '{resource.GetType().Name}', which is not run as a process.");
        }
    }

    private static async Task<ProcessSpec> CreateProjectAsync(ProjectResource project, Dictionary<string, string> variables, List<string> arguments, CancellationToken cancellationToken)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        var assembly = project.TryGetLastAnnotation<ProjectOutputAnnotation>(out var output)
            ? output.TargetPath
            : await EvaluateTargetPathAsync(project.Name, path, cancellationToken);
        if (!File.Exists(assembly))
        {
            throw new DistributedApplicationException($"The project of resource '{project.Name}' is not built: there is no '{assembly}'. Build it with: dotnet build \"{path}\"");
        }

        var directory = Path.GetDirectoryName(path) is { } projectDirectory && Directory.Exists(projectDirectory) ? projectDirectory : Path.GetDirectoryName(assembly)!;
        var launcher = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        if (File.Exists(launcher))
        {
            // The program's own launcher gives the process its name, and looks for a runtime where this variable points.
            if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is null && Path.GetDirectoryName(DotNetHost.Path) is { Length: > 0 } root)
            {
                variables.TryAdd("DOTNET_ROOT", root);
            }

            return new ProcessSpec(project.Name, launcher, arguments, directory, variables);
        }

        return File.Exists(Path.ChangeExtension(assembly, ".runtimeconfig.json"))
            ? new ProcessSpec(project.Name, DotNetHost.Path, ["exec", assembly, .. arguments], directory, variables)
            : throw new DistributedApplicationException($"The project '{path}' of resource '{project.Name}' builds a library: only a project with OutputType Exe can be run.");
    }

    /// <summary>Asks MSBuild where a project that the app host's build does not know puts its output.</summary>
    private static async Task<string> EvaluateTargetPathAsync(string resource, string projectPath, CancellationToken cancellationToken)
    {
        if (!File.Exists(projectPath))
        {
            throw new DistributedApplicationException($"The project of resource '{resource}' does not exist: '{projectPath}'.");
        }

        var start = new ProcessStartInfo(DotNetHost.Path, ["msbuild", projectPath, "-getProperty:TargetPath", "-nologo"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new DistributedApplicationException($"'{DotNetHost.Path}' could not be started to evaluate the project '{projectPath}' of resource '{resource}'.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            var (text, errors) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0 && (await text).Trim() is { Length: > 0 } targetPath
                ? targetPath
                : throw new DistributedApplicationException($"The project '{projectPath}' of resource '{resource}' could not be evaluated: {await text}{await errors}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
