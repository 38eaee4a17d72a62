using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Orchestration;

/// <summary>Docker or Podman.</summary>
internal static class ContainerRuntime
{
    /// <summary>Whether the resource really runs in a container, and so sees this machine under another name.</summary>
    public static bool RunsInContainer(IResource resource) => resource is ContainerResource && !resource.HasAnnotationOfType<LocalProcessAnnotation>();
}

/// <summary>Makes a foreground run of Docker or Podman out of a container resource.</summary>
internal sealed class ContainerProcesses(IConfiguration configuration, DistributedApplicationOptions applicationOptions)
{
    private static readonly string[] Names = ["docker", "podman"];

    private readonly ConcurrentDictionary<IResource, ProcessSpec> _removals = new();

    /// <summary>What removes the container of a resource when the runtime's client was killed and could not: null when it has never been run.</summary>
    public ProcessSpec? RemovalOf(IResource resource) => _removals.GetValueOrDefault(resource);

    public async Task<ProcessSpec> CreateAsync(
        ContainerResource container,
        Dictionary<string, string> variables,
        List<string> arguments,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken)
    {
        if (!container.TryGetContainerImageName(out var image))
        {
            throw new DistributedApplicationException($"Container resource '{container.Name}' has no image: give it one with WithImage.");
        }

        if (applicationOptions.ContainerRegistryOverride is { Length: > 0 } registry && container.TryGetLastAnnotation<ContainerImageAnnotation>(out var annotation))
        {
            image = annotation.Registry is { Length: > 0 } own ? $"{registry}/{image[(own.Length + 1)..]}" : $"{registry}/{image}";
        }

        var runtime = Find(container, image);
        var name = container.TryGetLastAnnotation<ContainerNameAnnotation>(out var named) ? named.Name : $"{container.Name}-{ServiceInstanceAnnotation.Of(container)}";
        List<string> run = ["run", "--rm", "--name", name, "--add-host", $"{KnownHostNames.DockerDesktopHostBridge}:host-gateway"];
        if (container.TryGetLastAnnotation<ContainerImagePullPolicyAnnotation>(out var pull) && pull.ImagePullPolicy != ImagePullPolicy.Default)
        {
            run.AddRange(["--pull", pull.ImagePullPolicy.ToString().ToLowerInvariant()]);
        }

        foreach (var endpoint in container.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.AllocatedEndpoint is { } address)
            {
                var protocol = endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "/udp" : "";
                run.AddRange(["-p", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{address.Port}:{address.TargetPortExpression}{protocol}")]);
            }
        }

        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            var type = mount.Type == ContainerMountType.BindMount ? "bind" : "volume";
            var source = mount.Source is { Length: > 0 } s ? $",source={s}" : "";
            run.AddRange(["--mount", $"type={type}{source},target={mount.Target}{(mount.IsReadOnly ? ",readonly" : "")}"]);
        }

        // Only the names: the values come from the runtime's own environment, so that no secret shows in the list of processes.
        run.AddRange(variables.Keys.SelectMany(variable => (string[])["-e", variable]));

        var extra = new List<object>();
        foreach (var callback in container.Annotations.OfType<ContainerRuntimeArgsCallbackAnnotation>())
        {
            await callback.Callback(new ContainerRuntimeArgsCallbackContext(extra, cancellationToken));
        }

        run.AddRange(await ResourceConfiguration.ResolveListAsync(container, executionContext, extra, cancellationToken));
        if (container.Entrypoint is { } entrypoint)
        {
            run.AddRange(["--entrypoint", entrypoint]);
        }

        _removals[container] = new ProcessSpec(container.Name, runtime, ["rm", "--force", name], Directory.GetCurrentDirectory(), new Dictionary<string, string>());
        return new ProcessSpec(container.Name, runtime, [.. run, image, .. arguments], Directory.GetCurrentDirectory(), variables);
    }

    private string Find(ContainerResource container, string image)
    {
        var wanted = configuration["DcpPublisher:ContainerRuntime"] ?? configuration["ASPIRE_CONTAINER_RUNTIME"] ?? configuration["DOTNET_ASPIRE_CONTAINER_RUNTIME"];
        string[] candidates = wanted is { Length: > 0 } ? [wanted] : Names;
        return candidates.Select(ExecutableOnPath).FirstOrDefault(path => path is not null)
            ?? throw new DistributedApplicationException(
                $"Resource '{container.Name}' runs the container image '{image}', and there is no {string.Join(" and no ", candidates)} on PATH: install a container runtime, or leave the resource out.");
    }

    private static string? ExecutableOnPath(string name)
    {
        if (Path.IsPathRooted(name))
        {
            return File.Exists(name) ? name : null;
        }

        return CommandOnPath.Find(name);
    }
}
