using System.Text.Json.Nodes;

namespace RvkApp.Tests.Verification;

/// <summary>Logs, trail, alarms, published ids.</summary>
internal static class RecordMutants
{
    private static readonly string[] Metrics = ["Errors", "Throttles", "Duration", "5xx", "RunningTaskCount", "PercentIOLimit", "BurstCreditBalance", "ErrorPortAllocation"];
    private static readonly string[] Parameters = ["/school-mgmt/vpc/id", "/school-mgmt/vpc/lambda-private-subnets", "/school-mgmt/vpc/ecs-private-subnets", "/school-mgmt/lambda-sg-id", "/school-mgmt/db/mongo-sg-id"];

    public static IEnumerable<Mutant> All =>
    [
        new("flow logs of what is rejected only", "logs", template => { var id = template.Single("AWS::EC2::FlowLog"); template.Properties(id)["TrafficType"] = "REJECT"; return id; }),
        new("no flow logs", "logs", template => { template.Remove(template.Single("AWS::EC2::FlowLog")); return template.Vpc; }),
        new("a log kept forever", "logs", template => { var id = template.IdsOf("AWS::Logs::LogGroup").First(); template.Properties(id).Remove("RetentionInDays"); return id; }),
        new("a trail that does not record", "audit", template => { var id = template.Single("AWS::CloudTrail::Trail"); template.Properties(id)["IsLogging"] = false; return id; }),
        new("a trail that can be altered", "audit", template => { var id = template.Single("AWS::CloudTrail::Trail"); template.Properties(id)["EnableLogFileValidation"] = false; return id; }),
        new("no trail", "audit", template => { template.Remove(template.Single("AWS::CloudTrail::Trail")); return "no trail"; }),
        new("revoked rules are not told", "audit", template =>
        {
            var names = template.Properties(template.Single("AWS::Events::Rule"))["EventPattern"]!["detail"]!["eventName"]!.AsArray();
            names.Remove(names.Single(name => name!.GetValue<string>() == "RevokeSecurityGroupEgress"));
            return "RevokeSecurityGroupEgress";
        }),
        new("the rule is off", "audit", template => { template.Properties(template.Single("AWS::Events::Rule"))["State"] = "DISABLED"; return "AuthorizeSecurityGroupIngress"; }),
        new("changes are told to nobody", "audit", template => { var id = template.Single("AWS::Events::Rule"); template.Properties(id)["Targets"] = new JsonArray(); return id; }),
        new("rejected traffic is not counted", "audit", template => { template.Properties(Filter(template, rejected: true))["FilterPattern"] = "ACCEPT"; return "REJECT"; }),
        new("failed connections are not counted", "alarms", template => { template.Remove(Filter(template, rejected: false)); return "failed connections"; }),
        new("an alarm tells nobody", "alarms", template => { var id = template.IdsOf("AWS::CloudWatch::Alarm").First(); template.Properties(id)["AlarmActions"] = new JsonArray(); return id; }),
        .. Metrics.Select(metric => new Mutant($"no alarm on {metric}", "alarms", template => { template.Remove(template.IdsOf("AWS::CloudWatch::Alarm").Single(id => template.Properties(id)["MetricName"]?.GetValue<string>() == metric)); return metric; })),
        .. Parameters.Select(name => new Mutant($"no parameter {name}", "ssm-parameters", template => { template.Remove(Parameter(template, name)); return name; })),
        .. Parameters.Select(name => new Mutant($"another value of {name}", "ssm-parameters", template => { template.Properties(Parameter(template, name))["Value"] = TemplateEditor.Ref(template.Nat); return Parameter(template, name); })),
    ];

    private static string Filter(TemplateEditor template, bool rejected) =>
        template.IdsOf("AWS::Logs::MetricFilter").Single(id => template.Properties(id)["FilterPattern"]!.GetValue<string>().Contains("REJECT", StringComparison.Ordinal) == rejected);

    private static string Parameter(TemplateEditor template, string name) => template.IdsOf("AWS::SSM::Parameter").Single(id => template.Properties(id)["Name"]!.GetValue<string>() == name);
}
