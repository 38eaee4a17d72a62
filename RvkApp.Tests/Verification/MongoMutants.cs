using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>MongoDB's service, task and name.</summary>
internal static class MongoMutants
{
    public static IEnumerable<Mutant> All =>
    [
        Service("two tasks", "mongo-single-task", service => service["DesiredCount"] = 2, "DesiredCount"),
        Service("no task", "troubleshooting", service => service["DesiredCount"] = 0, "DesiredCount 0"),
        Service("a new task before the old one stops", "mongo-single-task", service => service["DeploymentConfiguration"]!["MaximumPercent"] = 200, "MaximumPercent"),
        Service("the old task is kept", "mongo-single-task", service => service["DeploymentConfiguration"]!["MinimumHealthyPercent"] = 100, "MinimumHealthyPercent"),
        Service("deployments by default", "mongo-single-task", service => service.Remove("DeploymentConfiguration"), "MaximumPercent"),
        Service("a daemon", "mongo-single-task", service => service["SchedulingStrategy"] = "DAEMON", "DAEMON"),
        Service("blue/green", "mongo-single-task", service => service["DeploymentController"] = new JsonObject { ["Type"] = "CODE_DEPLOY" }, "CODE_DEPLOY"),
        Service("rebalanced between zones", "mongo-single-task", service => service["AvailabilityZoneRebalancing"] = "ENABLED", "AvailabilityZoneRebalancing"),
        Service("no circuit breaker", "mongo-task", service => service["DeploymentConfiguration"]!.AsObject().Remove("DeploymentCircuitBreaker"), "DeploymentCircuitBreaker.Enable"),
        Service("no rollback", "mongo-task", service => service["DeploymentConfiguration"]!["DeploymentCircuitBreaker"]!["Rollback"] = false, "DeploymentCircuitBreaker.Rollback"),
        Service("on EC2", "mongo-task", service => service["LaunchType"] = "EC2", "LaunchType EC2"),
        Service("the newest platform", "mongo-task", service => service["PlatformVersion"] = "LATEST", "PlatformVersion"),
        Service("not registered", "service-discovery", service => service.Remove("ServiceRegistries"), "registers with no Cloud Map service"),
        new("scaled", "mongo-single-task", template => template.Add("Scaling", "AWS::ApplicationAutoScaling::ScalableTarget",
            $$"""{ "ServiceNamespace": "ecs", "MaxCapacity": 3, "MinCapacity": 1, "ScalableDimension": "ecs:service:DesiredCount", "ResourceId": { "Fn::Sub": "service/x/${{{template.Service}}.Name}" } }""")),
        new("a second service of the task", "mongo-single-task", template => template.Add("Other", "AWS::ECS::Service", template.Properties(template.Service).ToJsonString())),
        new("a second task on the file system", "mongo-single-task", template => template.Add("OtherTask", "AWS::ECS::TaskDefinition", template.Properties(template.Task).ToJsonString())),
        new("a schedule that runs the task", "mongo-single-task", template => template.Add("Nightly", "AWS::Events::Rule",
            $$"""{ "ScheduleExpression": "rate(1 day)", "Targets": [{ "Id": "t", "Arn": "a", "EcsParameters": { "TaskDefinitionArn": { "Ref": "{{template.Task}}" } } }] }""")),
        Container("the newest image", "mongo-task", container => container["Image"] = "mongo:latest", "mongo:latest"),
        Container("an image without a version", "mongo-task", container => container["Image"] = "public.ecr.aws/docker/library/mongo", "not pinned"),
        Container("as root", "mongo-task", container => container["User"] = "0:0", "User"),
        Container("a writable root", "mongo-task", container => container["ReadonlyRootFilesystem"] = false, "ReadonlyRootFilesystem"),
        Container("30 s to stop", "mongo-task", container => container["StopTimeout"] = 30, "StopTimeout"),
        Container("no health check", "mongo-task", container => container.Remove("HealthCheck"), "health check"),
        Container("10 s to start", "mongo-task", container => container["HealthCheck"]!["StartPeriod"] = 10, "StartPeriod"),
        Container("another port", "reachability", container => container["PortMappings"]![0]!["ContainerPort"] = 27018, "27018"),
        Container("privileged", "mongo-task", container => container["Privileged"] = true, "privileged"),
        Container("data elsewhere", "mongo-task", container => container["MountPoints"]![0]!["ContainerPath"] = "/data", "/data/db"),
        Container("data read-only", "mongo-task", container => container["MountPoints"]![0]!["ReadOnly"] = true, "/data/db"),
        Container("a cache as large as mongod likes", "mongo-task", container => container["Command"] = new JsonArray("mongod", "--bind_ip_all"), "cache size"),
        Container("no password", "secrets-never-literal", container => container.Remove("Secrets"), "no password"),
        Container("a literal password", "secrets-never-literal", container => (container["Environment"] ??= new JsonArray()).AsArray().Add(new JsonObject { ["Name"] = "MONGO_INITDB_ROOT_PASSWORD", ["Value"] = "secret" }), "MONGO_INITDB_ROOT_PASSWORD"),
        Container("another log driver", "troubleshooting", container => container["LogConfiguration"]!["LogDriver"] = "splunk", "splunk"),
        Container("no log group", "troubleshooting", container => container["LogConfiguration"]!["Options"]!.AsObject().Remove("awslogs-group"), "awslogs-group"),
        Container("no log stream prefix", "logs", container => container["LogConfiguration"]!["Options"]!.AsObject().Remove("awslogs-stream-prefix"), "awslogs-stream-prefix"),
        new("more processor", "mongo-task", template => { template.Properties(template.Task)["Cpu"] = "512"; return "Cpu"; }),
        new("more memory", "mongo-task", template => { template.Properties(template.Task)["Memory"] = "1024"; return "Memory"; }),
        new("another name", "service-discovery", template => { var id = template.Single("AWS::ServiceDiscovery::Service"); template.Properties(id)["Name"] = "db"; return id; }),
        new("another namespace", "service-discovery", template => { var id = template.Single("AWS::ServiceDiscovery::PrivateDnsNamespace"); template.Properties(id)["Name"] = "internal"; return id; }),
        new("a namespace of no A records", "troubleshooting", template => { var id = template.Single("AWS::ServiceDiscovery::Service"); template.Properties(id)["DnsConfig"]!["DnsRecords"]![0]!["Type"] = "SRV"; return id; }),
    ];

    private static Mutant Service(string name, string check, Action<JsonObject> change, string named) => new($"service: {name}", check, template => { change(template.Properties(template.Service)); return named; });

    private static Mutant Container(string name, string check, Action<JsonObject> change, string named) => new($"container: {name}", check, template => { change(template.Container); return named; });
}
