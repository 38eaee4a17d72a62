using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>The troubleshooting guide, applied to a template: for each symptom every rule, route or setting that would cause it.</summary>
internal static class Diagnoses
{
    private static readonly Traffic Https = new("tcp", 443, 443);
    private static readonly string[] InterfaceActions = ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DeleteNetworkInterface"];

    /// <summary>The four diagnoses.</summary>
    public static ImmutableArray<Diagnosis> Of(CheckContext context) => [CannotConnect(context), ImagePull(context), EfsMount(context), NoLogs(context)];

    private static Diagnosis CannotConnect(CheckContext context)
    {
        var flow = new IntendedFlow("lambda", "mongo", "tcp", IntendedFlows.Mongo, "");
        var causes = context.Requirements.Blockers(flow).ToList();
        causes.AddRange(Dns(context));
        causes.AddRange(MongoChecks.DiscoveryProblems(context));
        causes.AddRange(Stopped(context));
        causes.AddRange(InterfaceProblems(context));
        return Make("lambda-cannot-connect", "Lambda cannot connect to MongoDB (timeouts, or mongo.local is not found)", causes, context.Requirements.Proof(flow));
    }

    private static Diagnosis ImagePull(CheckContext context)
    {
        var causes = Out(context, IntendedFlows.Of(context.Options).Where(flow => flow is { From: "mongo", To: "internet" })).ToList();
        causes.AddRange(Dns(context));
        causes.AddRange(ExecutionProblems(context, logs: false));
        return Make("image-pull", "The ECS task cannot pull its image (stays in PENDING or PROVISIONING)", causes, OutProof(context));
    }

    private static Diagnosis EfsMount(CheckContext context)
    {
        var flow = new IntendedFlow("mongo", "efs", "tcp", IntendedFlows.Nfs, "");
        var causes = context.Requirements.Blockers(flow).ToList();
        causes.AddRange(Dns(context));
        if (context.Targets is { Task: { } task, Volume: { } volume, FileSystem: { } files })
        {
            if (context.Targets.AccessPoint is { } point && (point.At("FileSystemId") as Reference)?.Id != files.Id)
            {
                causes.Add(new(point.Id, $"the access point {point.Id} is of {point.At("FileSystemId")}, not of {files.Id}", "set its FileSystemId"));
            }

            if (volume["EFSVolumeConfiguration"].Get("AuthorizationConfig", "AccessPointId") is not null && volume["EFSVolumeConfiguration"]?["TransitEncryption"]?.AsText != "ENABLED")
            {
                causes.Add(new(task.Id, $"the volume {volume["Name"]} of {task.Id} has an access point without transit encryption, which ECS refuses", "set TransitEncryption to ENABLED"));
            }

            causes.AddRange(MountPolicy(files));
        }

        causes.AddRange(StorageChecks.MountPermissionProblems(context));
        return Make("efs-mount", "MongoDB cannot mount EFS (\"mount failed\", ResourceInitializationError)", causes, context.Requirements.Proof(flow));
    }

    private static Diagnosis NoLogs(CheckContext context)
    {
        var causes = Out(context, [new("mongo", "internet", "tcp", 443, "")]).ToList();
        causes.AddRange(Dns(context));
        causes.AddRange(ObservabilityChecks.AwsLogsProblems(context));
        causes.AddRange(ExecutionProblems(context, logs: true));
        return Make("no-logs", "No CloudWatch logs from ECS", causes, OutProof(context));
    }

    private static Diagnosis Make(string id, string symptom, IEnumerable<Problem> causes, IEnumerable<Evidence> evidence) =>
        new(id, symptom, [.. causes.DistinctBy(cause => cause.What)], [.. evidence.Distinct()]);

    private static IEnumerable<Problem> Out(CheckContext context, IEnumerable<IntendedFlow> flows) => flows.SelectMany(flow => context.Requirements.Blockers(flow));

    private static IEnumerable<Evidence> OutProof(CheckContext context) =>
        context.Requirements.Proof(new("mongo", "internet", "tcp", 443, "")).Concat(context.Requirements.OutToAnywhere("mongo", Https).Select(rule => rule.Evidence));

    private static IEnumerable<Problem> Dns(CheckContext context) => context.World.OfType("AWS::EC2::VPC").SelectMany(NetworkChecks.DnsProblems);

    private static IEnumerable<Problem> Stopped(CheckContext context)
    {
        if (context.Targets.Service is { } service && service.At("DesiredCount")?.AsInt == 0)
        {
            yield return new(service.Id, $"{service.Id} runs no task (DesiredCount 0)", "set DesiredCount to 1");
        }
    }

    /// <summary>Lambda makes the network interfaces with the function's own role.</summary>
    private static IEnumerable<Problem> InterfaceProblems(CheckContext context)
    {
        if (Policies.Role(context.World, context.Targets.Function?.At("Role")) is not { } role
            || role.List("ManagedPolicyArns").Any(arn => arn.ToString().EndsWith("AWSLambdaVPCAccessExecutionRole", StringComparison.Ordinal)))
        {
            yield break;
        }

        var statements = Policies.OfRole(context.World, role).ToArray();
        foreach (var action in InterfaceActions.Where(action => !Array.Exists(statements, statement => statement.Names(action))))
        {
            yield return new(role.Id, $"the function's role {role.Id} may not {action}, so it gets no network interface in the VPC", $"allow {action} to {role.Id}");
        }
    }

    private static IEnumerable<Problem> MountPolicy(Resource files) => Policies.Statements(files, files.At("FileSystemPolicy"))
        .Where(statement => !statement.Allows && statement.Actions.Any(action => action is "*" or "elasticfilesystem:*" or "elasticfilesystem:ClientMount") && statement.Body["Condition"] is null)
        .Select(_ => new Problem(files.Id, $"the policy of {files.Id} denies mounting", "deny only where aws:SecureTransport is false"));

    /// <summary>What the execution role lacks to start the task: it pulls, fetches secrets and opens log streams before the container runs.</summary>
    private static IEnumerable<Problem> ExecutionProblems(CheckContext context, bool logs)
    {
        if (context.Targets is not { Task: { } task, Container: { } container })
        {
            yield break;
        }

        var role = Policies.Role(context.World, task.At("ExecutionRoleArn"));
        if (role is null)
        {
            yield return new(task.Id, $"{task.Id} has no execution role", "set ExecutionRoleArn");
            yield break;
        }

        var managed = role.List("ManagedPolicyArns").Any(arn => arn.ToString().EndsWith("AmazonECSTaskExecutionRolePolicy", StringComparison.Ordinal));
        var statements = Policies.OfRole(context.World, role).ToArray();
        bool May(string action) => Array.Exists(statements, statement => statement.Names(action));
        var needed = logs ? ["logs:CreateLogStream", "logs:PutLogEvents"]
            : container["Image"]?.ToString().Contains(".dkr.ecr.", StringComparison.Ordinal) == true ? new[] { "ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage" } : [];
        foreach (var action in managed ? [] : needed.Where(action => !May(action)))
        {
            yield return new(role.Id, $"the execution role {role.Id} may not {action}", $"allow {action} to {role.Id}");
        }

        foreach (var secret in logs ? [] : container["Secrets"]?.Items ?? [])
        {
            foreach (var reference in secret["ValueFrom"]?.References.Where(reference => context.World.Find(reference.Id)?.Type == "AWS::SecretsManager::Secret") ?? [])
            {
                if (!Array.Exists(statements, statement => statement.Names("secretsmanager:GetSecretValue") && statement.Resources.Any(resource => resource.Mentions(reference.Id) || resource.AsText == "*")))
                {
                    yield return new(role.Id, $"the execution role {role.Id} may not secretsmanager:GetSecretValue on {reference.Id}, which {container["Name"]} needs before it starts", $"allow secretsmanager:GetSecretValue on {reference.Id} to {role.Id}");
                }
            }
        }
    }
}
