using System.Globalization;

namespace RvkApp.AppHost.Verification;

/// <summary>MongoDB's service, its task and its name.</summary>
internal static class MongoChecks
{
    /// <summary>Two mongod processes never share a data directory.</summary>
    public static Check SingleTask(CheckContext context)
    {
        var check = new Check("mongo-single-task", "There are never two MongoDB tasks at once");
        if (context.Targets.Service is not { } service)
        {
            check.Fails(null, "there is no ECS service that runs MongoDB", "add one");
            return check;
        }

        check.ExpectProperty(service, "DesiredCount", "1");
        check.ExpectProperty(service, "DeploymentConfiguration.MinimumHealthyPercent", "0");
        check.ExpectProperty(service, "DeploymentConfiguration.MaximumPercent", "100");
        check.Expect(service.Text("SchedulingStrategy") is null or "REPLICA", service.Id, $"{service.Id} runs replicas", $"{service.Id} has the SchedulingStrategy {service.At("SchedulingStrategy")}", "drop SchedulingStrategy");
        check.Expect(service.Text("DeploymentController", "Type") is null or "ECS", service.Id, $"{service.Id} is deployed by ECS", $"{service.Id} is deployed by {service.At("DeploymentController", "Type")}, which runs old and new tasks at once", "drop DeploymentController");
        check.Expect(service.Text("AvailabilityZoneRebalancing") is null or "DISABLED", service.Id, $"{service.Id} is not rebalanced between zones",
            $"{service.Id} has AvailabilityZoneRebalancing {service.At("AvailabilityZoneRebalancing")}, which starts a task in the other zone before it stops the first", "set AvailabilityZoneRebalancing to DISABLED");

        var world = context.World;
        foreach (var target in world.OfType("AWS::ApplicationAutoScaling::ScalableTarget").Where(target => target.Properties.Mentions(service.Id) || target.Text("ServiceNamespace") is null or "ecs"))
        {
            check.Fails(target.Id, $"{target.Id} scales {service.Id} up to {target.At("MaxCapacity")} tasks", "remove it: one MongoDB has one task");
        }

        foreach (var other in world.Resources.Where(other => other.Id != service.Id && context.Targets.Task is { } task && other.Type is "AWS::ECS::Service" or "AWS::Events::Rule" or "AWS::Scheduler::Schedule" or "AWS::ECS::TaskSet")
            .Where(other => context.Targets.Task is { } task && other.Properties.Mentions(task.Id)))
        {
            check.Fails(other.Id, $"{other.Id} ({other.Type}) also runs the task {context.Targets.Task!.Id}", "remove it: one MongoDB has one task");
        }

        foreach (var task in world.OfType("AWS::ECS::TaskDefinition").Where(task => task.Id != context.Targets.Task?.Id && context.Targets.FileSystem is { } files && task.Properties.Mentions(files.Id)))
        {
            check.Fails(task.Id, $"{task.Id} also mounts the file system {context.Targets.FileSystem!.Id}", "let only MongoDB's task mount it");
        }

        var containers = context.Targets.Task?.List("ContainerDefinitions").Count(container => Mounts(context, container)) ?? 0;
        check.Expect(containers == 1, context.Targets.Task?.Id ?? service.Id, "one container has the data directory", $"{containers} containers of {context.Targets.Task?.Id} mount the file system, not one", "mount it in MongoDB's container, at /data/db");
        return check;
    }

    /// <summary>The task is as specified.</summary>
    public static Check Task(CheckContext context)
    {
        var (targets, options) = (context.Targets, context.Options);
        var check = new Check("mongo-task", string.Create(CultureInfo.InvariantCulture,
            $"MongoDB runs on Fargate 1.4.0 with {options.MongoCpu / 1024.0} vCPU and {options.MongoMemory} MB, pinned, as 999:999, read-only, with time to stop"));
        if (targets is not { Service: { } service, Task: { } task, Container: { } container })
        {
            check.Fails(targets.Service?.Id, "there is no ECS service with a task and a container", "add them");
            return check;
        }

        check.Expect(service.Text("LaunchType") == "FARGATE", service.Id, $"{service.Id} runs on Fargate", $"{service.Id} has the LaunchType {service.At("LaunchType")?.ToString() ?? "missing"}", "set LaunchType to FARGATE");
        check.ExpectProperty(service, "PlatformVersion", "1.4.0");
        check.ExpectProperty(service, "DeploymentConfiguration.DeploymentCircuitBreaker.Enable", "true");
        check.ExpectProperty(service, "DeploymentConfiguration.DeploymentCircuitBreaker.Rollback", "true");
        check.ExpectProperty(task, "Cpu", options.MongoCpu.ToString(CultureInfo.InvariantCulture));
        check.ExpectProperty(task, "Memory", options.MongoMemory.ToString(CultureInfo.InvariantCulture));
        check.ExpectProperty(task, "NetworkMode", "awsvpc");
        check.ExpectValue(task.Id, container, "User", "999:999");
        check.ExpectValue(task.Id, container, "ReadonlyRootFilesystem", "true");
        check.ExpectValue(task.Id, container, "StopTimeout", "120");
        check.ExpectValue(task.Id, container, "HealthCheck.StartPeriod", "60");
        check.Expect((container.At("HealthCheck", "Command")?.Items.Length ?? 0) > 1, task.Id, $"{container["Name"]} has a health check", $"{container["Name"]} has no health check command", "add HealthCheck.Command");
        var mappings = container["PortMappings"]?.Items ?? [];
        check.Expect(mappings is [var only] && only["ContainerPort"]?.AsInt == IntendedFlows.Mongo, task.Id, $"{container["Name"]} listens on {IntendedFlows.Mongo}",
            $"{container["Name"]} of {task.Id} maps the ports {string.Join(", ", mappings.Select(mapping => mapping["ContainerPort"]))}, not {IntendedFlows.Mongo} alone", $"map ContainerPort {IntendedFlows.Mongo}");
        check.Expect(container["Privileged"]?.AsBool != true, task.Id, $"{container["Name"]} is not privileged", $"{container["Name"]} is privileged", "drop Privileged");
        check.Expect(container["MountPoints"]?.Items.Any(mount => mount["ContainerPath"]?.AsText == "/data/db" && mount["SourceVolume"]?.ToString() == targets.Volume?["Name"]?.ToString() && mount["ReadOnly"]?.AsBool != true) == true,
            task.Id, $"{container["Name"]} has its data directory /data/db on {targets.FileSystem?.Id}", $"{container["Name"]} of {task.Id} does not mount the EFS volume at /data/db for writing", "add a MountPoint: SourceVolume of the EFS volume, ContainerPath /data/db, ReadOnly false");
        foreach (var each in task.List("ContainerDefinitions"))
        {
            Pinned(check, task, each["Image"]);
        }

        var command = string.Join(' ', (container["Command"]?.Items ?? []).Concat(container["EntryPoint"]?.Items ?? []).Select(word => word.ToString()));
        check.Expect(command.Contains("wiredTigerCacheSizeGB", StringComparison.OrdinalIgnoreCase), task.Id, $"mongod is told its cache size: {command}", $"mongod of {task.Id} is not told its cache size", "add --wiredTigerCacheSizeGB 0.25 to Command");
        check.Expect(command.Contains("--auth", StringComparison.Ordinal) || Names(container).Contains("MONGO_INITDB_ROOT_PASSWORD") || Names(container).Contains("MONGO_INITDB_ROOT_PASSWORD_FILE"), task.Id, "mongod requires authentication", $"mongod of {task.Id} does not require authentication", "give it MONGO_INITDB_ROOT_PASSWORD as a secret, or --auth");
        return check;
    }

    /// <summary>The function finds MongoDB by name.</summary>
    public static Check Discovery(CheckContext context)
    {
        var check = new Check("service-discovery", "MongoDB's task registers as mongo.local, and the function connects to that name");
        var problems = DiscoveryProblems(context).ToArray();
        check.Fails(problems);
        if (problems.Length == 0)
        {
            check.Holds(context.Targets.Service!.Id, $"{context.Targets.Service.Id} registers with {context.Targets.Service.List("ServiceRegistries").First()["RegistryArn"]} as mongo.local");
            check.Holds(context.Targets.Function!.Id, $"{context.Targets.Function.Id} connects to mongo.local");
        }

        return check;
    }

    /// <summary>Everything that keeps the function from finding MongoDB by name.</summary>
    public static IEnumerable<Problem> DiscoveryProblems(CheckContext context)
    {
        var (world, targets) = (context.World, context.Targets);
        var registrations = targets.Service?.List("ServiceRegistries").Select(registry => world.Target(registry["RegistryArn"], "AWS::ServiceDiscovery::Service")).OfType<Resource>().ToArray() ?? [];
        if (targets.Service is null || registrations.Length == 0)
        {
            yield return new(targets.Service?.Id, $"{targets.Service?.Id ?? "MongoDB"} registers with no Cloud Map service", "add ServiceRegistries with RegistryArn of an AWS::ServiceDiscovery::Service named mongo");
        }

        foreach (var registration in registrations)
        {
            if (registration.Text("Name") != "mongo")
            {
                yield return new(registration.Id, $"{registration.Id} is named {registration.At("Name")}, not mongo", "set Name to mongo");
            }

            if (!registration.List("DnsConfig", "DnsRecords").Any(record => record["Type"]?.AsText == "A"))
            {
                yield return new(registration.Id, $"{registration.Id} has no A record", "add DnsConfig.DnsRecords with Type A");
            }

            var space = world.Target(registration.At("DnsConfig", "NamespaceId") ?? registration.At("NamespaceId"), "AWS::ServiceDiscovery::PrivateDnsNamespace");
            if (space?.Text("Name") != "local")
            {
                yield return new(space?.Id ?? registration.Id, $"{registration.Id} is in the namespace {space?.At("Name")?.ToString() ?? "(none)"}, not in a private DNS namespace 'local'", "add an AWS::ServiceDiscovery::PrivateDnsNamespace with Name local and refer to it");
            }
            else if (context.Network.SubnetsOf("lambda").Select(subnet => subnet.VpcId).FirstOrDefault() is { } vpc && (space.At("Vpc") as Reference)?.Id != vpc)
            {
                yield return new(space.Id, $"the namespace {space.Id} is of the VPC {space.At("Vpc")}, not of {vpc}", "set Vpc to the function's VPC");
            }
        }

        if (targets.Function is { } function && function.At("Environment", "Variables") is var variables && variables?.Descendants().Any(found => found.Value.ToString().Contains("mongo.local", StringComparison.Ordinal)) != true)
        {
            yield return new(function.Id, $"no environment variable of {function.Id} names mongo.local", "set Mongo__Host to mongo.local");
        }
    }

    private static bool Mounts(CheckContext context, Value container) =>
        container["MountPoints"]?.Items.Any(mount => mount["SourceVolume"]?.ToString() is { } source && source == context.Targets.Volume?["Name"]?.ToString()) == true;

    private static IEnumerable<string?> Names(Value container) => (container["Secrets"]?.Items ?? []).Concat(container["Environment"]?.Items ?? []).Select(entry => entry["Name"]?.AsText);

    private static void Pinned(Check check, Resource task, Value? image)
    {
        var text = image?.ToString() ?? "";
        var name = text[(text.LastIndexOf('/') + 1)..];
        var tag = name.Contains('@', StringComparison.Ordinal) ? name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..] : name.Contains(':', StringComparison.Ordinal) ? name[(name.IndexOf(':', StringComparison.Ordinal) + 1)..] : "";
        check.Expect(tag.Any(char.IsAsciiDigit) && !tag.StartsWith("latest", StringComparison.Ordinal), task.Id, $"the image {text} is pinned", $"the image {(text.Length == 0 ? "(missing)" : text)} of {task.Id} is not pinned to a version", "name a version or a digest, such as mongo:8.0.12");
    }
}
