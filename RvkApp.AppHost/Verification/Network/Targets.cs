using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// What the specification speaks of, found by how the resources hang together and never by their names: the function behind the API, the service
/// that runs MongoDB, the file system that its task mounts.
/// </summary>
internal sealed class Targets
{
    /// <summary>Finds them.</summary>
    public Targets(World world)
    {
        World = world;
        var integrations = world.OfType("AWS::ApiGatewayV2::Integration").Select(integration => (Integration: integration, Function: FunctionOf(world, integration.At("IntegrationUri")))).ToArray();
        Function = integrations.Select(pair => pair.Function).FirstOrDefault(function => function is not null)
            ?? SingleOrNull(world.OfType("AWS::Lambda::Function").Where(function => function.At("VpcConfig") is not null));
        Integrations = [.. integrations.Where(pair => pair.Function is not null && pair.Function.Id == Function?.Id).Select(pair => pair.Integration)];
        Api = world.Target(Integrations.FirstOrDefault()?.At("ApiId"), "AWS::ApiGatewayV2::Api") ?? SingleOrNull(world.OfType("AWS::ApiGatewayV2::Api"));

        // Of several services the one that most looks like MongoDB: its port, its volume.
        Service = world.OfType("AWS::ECS::Service").OrderByDescending(service => Likeness(world, service)).FirstOrDefault();
        Task = world.Target(Service?.At("TaskDefinition"), "AWS::ECS::TaskDefinition");
        Container = Task?.List("ContainerDefinitions").OrderByDescending(container => Exposes(container, 27017)).ThenByDescending(container => container["Essential"]?.AsBool ?? true).FirstOrDefault();
        Volume = Task?.List("Volumes").FirstOrDefault(volume => volume["EFSVolumeConfiguration"] is not null);
        var configuration = Volume?["EFSVolumeConfiguration"];
        FileSystem = world.Target(configuration?["FilesystemId"] ?? configuration?["FileSystemId"], "AWS::EFS::FileSystem");
        AccessPoint = world.Target(configuration.Get("AuthorizationConfig", "AccessPointId"), "AWS::EFS::AccessPoint");
        MountTargets = [.. world.OfType("AWS::EFS::MountTarget").Where(target => FileSystem is not null && (target.At("FileSystemId") as Reference)?.Id == FileSystem.Id)];
        Problems = [.. Ambiguities(world, integrations.Select(pair => pair.Function?.Id).OfType<string>().Distinct().ToArray())];
    }

    /// <summary>The template they are of.</summary>
    public World World { get; }

    /// <summary>The HTTP API.</summary>
    public Resource? Api { get; }

    /// <summary>The API's integrations with the function.</summary>
    public ImmutableArray<Resource> Integrations { get; }

    /// <summary>The function behind the API.</summary>
    public Resource? Function { get; }

    /// <summary>The ECS service that runs MongoDB.</summary>
    public Resource? Service { get; }

    /// <summary>Its task definition.</summary>
    public Resource? Task { get; }

    /// <summary>The container that runs MongoDB.</summary>
    public Value? Container { get; }

    /// <summary>The task's EFS volume.</summary>
    public Value? Volume { get; }

    /// <summary>The file system that the task mounts.</summary>
    public Resource? FileSystem { get; }

    /// <summary>The access point that it mounts it through.</summary>
    public Resource? AccessPoint { get; }

    /// <summary>The file system's mount targets.</summary>
    public ImmutableArray<Resource> MountTargets { get; }

    /// <summary>What was not found, or found more than once.</summary>
    public ImmutableArray<Problem> Problems { get; }

    /// <summary>The function that a value names: itself, its alias or a version of it, or an API Gateway path to it.</summary>
    public static Resource? FunctionOf(World world, Value? value)
    {
        foreach (var reference in value?.References ?? [])
        {
            var found = world.Find(reference.Id);
            if (found?.Type == "AWS::Lambda::Function")
            {
                return found;
            }

            if (found?.Type is "AWS::Lambda::Alias" or "AWS::Lambda::Version" && FunctionOf(world, found.At("FunctionName")) is { } function)
            {
                return function;
            }
        }

        return null;
    }

    /// <summary>Whether a container listens on a port.</summary>
    public static bool Exposes(Value container, int port) => container["PortMappings"]?.Items.Any(mapping => mapping["ContainerPort"]?.AsInt == port) == true;

    private static int Likeness(World world, Resource service)
    {
        var task = world.Target(service.At("TaskDefinition"), "AWS::ECS::TaskDefinition");
        return (task?.List("Volumes").Any(volume => volume["EFSVolumeConfiguration"] is not null) == true ? 2 : 0)
            + (task?.List("ContainerDefinitions").Any(container => Exposes(container, 27017)) == true ? 1 : 0);
    }

    private static Resource? SingleOrNull(IEnumerable<Resource> resources) => resources.Take(2).ToArray() is [var only] ? only : null;

    private IEnumerable<Problem> Ambiguities(World world, string[] functions)
    {
        if (Api is null)
        {
            yield return new(null, "there is no HTTP API (AWS::ApiGatewayV2::Api) with an integration", "add one of ProtocolType HTTP whose integration names the function");
        }

        if (Function is null)
        {
            yield return new(null, "no function is behind the API", "give the API an AWS_PROXY integration whose IntegrationUri names the AWS::Lambda::Function");
        }

        if (functions.Length > 1)
        {
            yield return new(functions[1], $"several functions are behind APIs: {string.Join(", ", functions)}", "keep one: the topology has a single function");
        }

        if (Service is null)
        {
            yield return new(null, "there is no ECS service (AWS::ECS::Service)", "add the one that runs MongoDB");
        }

        foreach (var other in world.OfType("AWS::ECS::Service").Where(service => service.Id != Service?.Id))
        {
            yield return new(other.Id, $"{other.Id} is a second ECS service", "keep one: the topology has MongoDB only");
        }

        if (Service is not null && Task is null)
        {
            yield return new(Service.Id, $"the service {Service.Id} names no task definition of the template", "let TaskDefinition be a Ref of an AWS::ECS::TaskDefinition");
        }

        if (Task is not null && FileSystem is null)
        {
            yield return new(Task.Id, $"the task {Task.Id} mounts no EFS file system of the template", "give it a volume with EFSVolumeConfiguration.FilesystemId");
        }
    }
}

/// <summary>Navigation of values that may be missing.</summary>
internal static class ValueExtensions
{
    /// <summary>Follows property names; <see langword="null"/> where the value or a property is missing.</summary>
    public static Value? Get(this Value? value, params ReadOnlySpan<string> path) => value?.At(path);
}
