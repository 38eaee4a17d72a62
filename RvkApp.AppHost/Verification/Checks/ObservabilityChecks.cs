namespace RvkApp.AppHost.Verification;

/// <summary>What is recorded, and who is told.</summary>
internal static class ObservabilityChecks
{
    private static readonly string[] GroupEvents =
    [
        "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress", "CreateSecurityGroup", "DeleteSecurityGroup",
        "ModifySecurityGroupRules", "UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress", "ModifyNetworkInterfaceAttribute",
    ];

    private static readonly (string What, string[] Metrics)[] Alarmed =
    [
        ("Lambda errors", ["AWS/Lambda Errors"]), ("Lambda throttles", ["AWS/Lambda Throttles"]), ("Lambda duration", ["AWS/Lambda Duration"]),
        ("API server errors", ["AWS/ApiGateway 5xx", "AWS/ApiGateway 5XXError"]),
        ("MongoDB's task not running", ["ECS/ContainerInsights RunningTaskCount"]),
        ("EFS I/O limit", ["AWS/EFS PercentIOLimit"]), ("EFS burst credits", ["AWS/EFS BurstCreditBalance"]), ("NAT port allocation", ["AWS/NATGateway ErrorPortAllocation"]),
    ];

    /// <summary>Logs are kept for a time, and MongoDB writes to one.</summary>
    public static Check Logs(CheckContext context)
    {
        var check = new Check("logs", "VPC flow logs of all traffic, MongoDB's log, and a retention on every log group");
        var world = context.World;
        foreach (var group in world.OfType("AWS::Logs::LogGroup"))
        {
            check.Expect(group.At("RetentionInDays") is not null, group.Id, $"{group.Id} is kept {group.At("RetentionInDays")} days", $"{group.Id} is kept forever", "set RetentionInDays");
        }

        var vpcs = world.OfType("AWS::EC2::VPC").Select(vpc => vpc.Id).ToArray();
        var flow = world.OfType("AWS::EC2::FlowLog").FirstOrDefault(log => vpcs.Contains((log.At("ResourceId") as Reference)?.Id));
        check.Expect(flow?.Text("TrafficType") == "ALL", flow?.Id ?? vpcs.FirstOrDefault() ?? "AWS::EC2::VPC", $"{flow?.Id} logs all traffic of {flow?.At("ResourceId")}", flow is null ? "the VPC has no flow log" : $"{flow.Id} logs {flow.At("TrafficType")} only", "add an AWS::EC2::FlowLog with TrafficType ALL to CloudWatch Logs");
        check.Fails(AwsLogsProblems(context));
        if (context.Targets is { Task: { } task, Container: { } container })
        {
            check.Holds(task.Id, $"{container["Name"]} logs to {container["LogConfiguration"].Get("Options", "awslogs-group")}");
        }

        return check;
    }

    /// <summary>What of the log configuration of MongoDB's container is missing.</summary>
    public static IEnumerable<Problem> AwsLogsProblems(CheckContext context)
    {
        if (context.Targets is not { Task: { } task, Container: { } container })
        {
            yield break;
        }

        var log = container["LogConfiguration"];
        if (log?["LogDriver"]?.AsText != "awslogs")
        {
            yield return new(task.Id, $"{container["Name"]} of {task.Id} has the log driver {log?["LogDriver"]?.ToString() ?? "(none)"}, not awslogs", "set LogConfiguration.LogDriver to awslogs");
            yield break;
        }

        foreach (var option in new[] { "awslogs-group", "awslogs-region", "awslogs-stream-prefix" })
        {
            if (log.Get("Options", option) is null)
            {
                yield return new(task.Id, $"{container["Name"]} of {task.Id} has no {option}", $"set LogConfiguration.Options.{option}");
            }
        }

        if (log.Get("Options", "awslogs-group") is { } name && context.World.Target(name, "AWS::Logs::LogGroup") is null && !context.World.OfType("AWS::Logs::LogGroup").Any(group => group.At("LogGroupName")?.ToString() == name.ToString()))
        {
            yield return new(task.Id, $"{container["Name"]} of {task.Id} logs to {name}, which is not in the template", "add the AWS::Logs::LogGroup and refer to it");
        }
    }

    /// <summary>Changes of the groups are recorded and reported, rejected traffic raises an alarm.</summary>
    public static Check Audit(CheckContext context)
    {
        var check = new Check("audit", "A trail records every call, changes of security groups are reported, and rejected traffic raises an alarm");
        var world = context.World;
        var trail = world.OfType("AWS::CloudTrail::Trail").FirstOrDefault();
        check.Expect(trail?.At("IsLogging")?.AsBool == true, trail?.Id ?? "AWS::CloudTrail::Trail", $"{trail?.Id} records", trail is null ? "there is no trail" : $"{trail.Id} does not record", "add an AWS::CloudTrail::Trail with IsLogging true");
        if (trail is not null)
        {
            check.ExpectProperty(trail, "EnableLogFileValidation", "true");
        }

        var rule = world.OfType("AWS::Events::Rule").Where(rule => rule.Text("State") != "DISABLED").OrderByDescending(rule => GroupEvents.Count(name => Reported(rule).Contains(name))).FirstOrDefault();
        var unreported = rule is null ? GroupEvents : GroupEvents.Where(name => !Reported(rule).Contains(name)).ToArray();
        check.Expect(unreported.Length == 0, rule?.Id ?? "AWS::Events::Rule", $"{rule?.Id} reports {string.Join(", ", GroupEvents)}", $"no rule reports {string.Join(", ", unreported)}", "add them to detail.eventName of the AWS::Events::Rule");
        check.Expect(rule?.List("Targets").Any(target => target["Arn"]?.References.Any(reference => world.Find(reference.Id)?.Type == "AWS::SNS::Topic") == true) == true, rule?.Id ?? "AWS::Events::Rule",
            $"{rule?.Id} tells the topic", $"{rule?.Id ?? "no rule"} tells no topic", "add the AWS::SNS::Topic to its Targets");

        var filters = world.OfType("AWS::Logs::MetricFilter").ToArray();
        var rejected = Array.Find(filters, filter => filter.At("FilterPattern")?.ToString().Contains("REJECT", StringComparison.Ordinal) == true);
        check.Expect(IsAlarmed(world, rejected), rejected?.Id ?? "AWS::Logs::MetricFilter", $"{rejected?.Id} counts rejected traffic, and an alarm watches it", rejected is null ? "no metric filter counts REJECT in the flow log" : $"no alarm watches {rejected.Id}", "add an AWS::Logs::MetricFilter for REJECT and an AWS::CloudWatch::Alarm on its metric");
        return check;
    }

    /// <summary>Somebody is told when something fails.</summary>
    public static Check Alarms(CheckContext context)
    {
        var check = new Check("alarms", "Alarms on function, API, MongoDB's task, EFS, NAT and failed connections, each of which tells somebody");
        var world = context.World;
        var alarms = world.OfType("AWS::CloudWatch::Alarm").ToArray();
        foreach (var (what, metrics) in Alarmed)
        {
            var alarm = Array.Find(alarms, alarm => Metrics(alarm).Any(metrics.Contains));
            check.Expect(alarm is not null, alarm?.Id ?? "AWS::CloudWatch::Alarm", $"{what}: {alarm?.Id}", $"no alarm on {what} ({string.Join(" or ", metrics)})", $"add an AWS::CloudWatch::Alarm on {string.Join(" or ", metrics)}");
        }

        var custom = world.OfType("AWS::Logs::MetricFilter").Where(filter => filter.At("FilterPattern")?.ToString().Contains("REJECT", StringComparison.Ordinal) != true).FirstOrDefault(filter => IsAlarmed(world, filter));
        check.Expect(custom is not null, custom?.Id ?? "AWS::Logs::MetricFilter", $"failed connections in the API's log: {custom?.Id}", "no alarm on failed connections in the API's log", "add an AWS::Logs::MetricFilter on the function's log group and an alarm on its metric");
        foreach (var alarm in alarms.Where(alarm => !alarm.List("AlarmActions").Any() || alarm.At("ActionsEnabled")?.AsBool == false))
        {
            check.Fails(alarm.Id, $"the alarm {alarm.Id} tells nobody", "add the topic to AlarmActions");
        }

        return check;
    }

    /// <summary>The ids that other stacks look up are published.</summary>
    public static Check Parameters(CheckContext context)
    {
        var check = new Check("ssm-parameters", "The ids of VPC, subnets and groups are published as SSM parameters");
        var parameters = context.World.OfType("AWS::SSM::Parameter").ToLookup(parameter => parameter.At("Name")?.ToString() ?? "", StringComparer.Ordinal);
        foreach (var (name, expected) in new (string, IEnumerable<string?>)[]
        {
            ("/school-mgmt/vpc/id", context.World.OfType("AWS::EC2::VPC").Select(vpc => vpc.Id)),
            ("/school-mgmt/vpc/lambda-private-subnets", context.Network.SubnetsOf("lambda").Select(subnet => subnet.Id)),
            ("/school-mgmt/vpc/ecs-private-subnets", context.Network.SubnetsOf("mongo").Select(subnet => subnet.Id)),
            ("/school-mgmt/lambda-sg-id", context.Network.GroupsOf("lambda").Select(group => group.Id)),
            ("/school-mgmt/db/mongo-sg-id", context.Network.GroupsOf("mongo").Select(group => group.Id)),
        })
        {
            var parameter = parameters[name].FirstOrDefault();
            var holds = parameter is not null && expected.All(id => parameter.At("Value")?.Mentions(id!) == true) && parameter.At("Value")!.References.Count() == expected.Count();
            check.Expect(holds, parameter?.Id ?? name, $"{name} = {parameter?.At("Value")}", parameter is null ? $"there is no parameter {name}" : $"{name} ({parameter.Id}) is {parameter.At("Value")}, not {string.Join(", ", expected)}", $"add an AWS::SSM::Parameter {name} of {string.Join(", ", expected)}");
        }

        return check;
    }

    private static string[] Reported(Resource rule) => [.. rule.List("EventPattern", "detail", "eventName").Select(name => name.ToString())];

    private static IEnumerable<string> Metrics(Resource alarm) => alarm.Properties.Descendants().Where(found => found.Value["MetricName"] is not null && found.Value["Namespace"] is not null)
        .Select(found => $"{found.Value["Namespace"]} {found.Value["MetricName"]}");

    private static bool IsAlarmed(World world, Resource? filter) => filter is not null
        && filter.List("MetricTransformations").Any(metric => world.OfType("AWS::CloudWatch::Alarm").Any(alarm => Metrics(alarm).Contains($"{metric["MetricNamespace"]} {metric["MetricName"]}")));
}
