using System.Globalization;
using RvkApp.AppHost.Verification;
using Resource = RvkApp.AppHost.Verification.Resource;

namespace RvkApp.AppHost.Topology.Page;

/// <summary>Something in the template that costs money.</summary>
/// <param name="Item">What.</param>
/// <param name="Found">How much of it the template has.</param>
/// <param name="ChargedBy">What AWS counts; no price, since prices differ by Region and change.</param>
internal sealed record CostFact(string Item, string Found, string ChargedBy)
{
    /// <summary>The facts of a template; only of what it has.</summary>
    /// <param name="template">The template.</param>
    /// <returns>The facts, the ones that cost when nothing happens first.</returns>
    public static IEnumerable<CostFact> Of(Template template)
    {
        ILookup<string, Resource> types = template.Resources.ToLookup(resource => resource.Type);
        List<CostFact> facts = [];
        Count("AWS::EC2::NatGateway", "NAT gateway", "each hour, and each GB through it");
        Count("AWS::EC2::EIP", "Elastic IP address", "each hour");
        Count("AWS::EC2::VPCEndpoint", "VPC endpoint", "interface endpoints: each hour and Availability Zone, and each GB");
        foreach (var service in types["AWS::ECS::Service"])
        {
            var task = FargateFacts.Of(template, service);
            facts.Add(new CostFact("Fargate task", $"{task.Summary}; image {task.Image}", "vCPU-hours and GB-hours, as long as the task runs"));
        }

        foreach (var fileSystem in types["AWS::EFS::FileSystem"])
        {
            facts.Add(new CostFact("EFS file system", FileSystem(fileSystem), "GB-months stored, more for what lies in a warmer class; elastic throughput by GB moved, provisioned by MB/s-months; backups by GB-month"));
        }

        Count("AWS::SecretsManager::Secret", "Secret", "each month, and API calls");
        Count("AWS::KMS::Key", "KMS key", "each month, and API calls");
        Count("AWS::CloudWatch::Alarm", "Alarm", "each month and metric it watches");
        Count("AWS::Logs::MetricFilter", "Metric filter", "each month and custom metric it fills");
        Count("AWS::ServiceDiscovery::PrivateDnsNamespace", "Cloud Map namespace", "its hosted zone each month, and registered instances");
        foreach (var function in types["AWS::Lambda::Function"].Where(function => function.At("VpcConfig") is not null))
        {
            facts.Add(new CostFact("Lambda function", Function(function), "requests and GB-seconds; nothing while idle"));
        }

        Count("AWS::ApiGatewayV2::Api", "HTTP API", "requests");
        Count("AWS::EC2::FlowLog", "VPC flow log", "GB ingested by CloudWatch Logs");
        Count("AWS::CloudTrail::Trail", "CloudTrail trail", "the first copy of management events is free; its files by S3's GB-months");
        Count("AWS::S3::Bucket", "S3 bucket", "GB-months and requests");
        Count("AWS::SNS::Topic", "SNS topic", "messages");
        foreach (var group in types["AWS::Logs::LogGroup"].GroupBy(Retention).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            facts.Add(new CostFact("Log group", $"{group.Count()}, {group.Key}", "GB ingested, and GB-months kept"));
        }

        return facts;

        void Count(string type, string item, string chargedBy)
        {
            if (types[type].Count() is > 0 and var count)
            {
                facts.Add(new CostFact(item, count.ToString(CultureInfo.InvariantCulture), chargedBy));
            }
        }
    }

    private static string Retention(Resource group) => group.At("RetentionInDays") is { } days ? $"kept {days} days" : "kept for ever";

    private static string Function(Resource function)
    {
        var concurrency = function.At("ReservedConcurrentExecutions") is { } reserved ? $", at most {reserved} at once" : "";
        return $"{function.At("MemorySize")?.ToString() ?? "128"} MB, at most {function.At("Timeout")?.ToString() ?? "3"} s a request{concurrency}, {function.List("Architectures").FirstOrDefault()?.ToString() ?? "x86_64"}";
    }

    private static string FileSystem(Resource fileSystem)
    {
        var moves = fileSystem.List("LifecyclePolicies").OfType<Mapping>().SelectMany(policy => policy.Entries).Select(entry => $"{entry.Key} {entry.Value}").ToList();
        var throughput = fileSystem.At("ThroughputMode")?.ToString() ?? "bursting";
        var backup = fileSystem.Text("BackupPolicy", "Status") == "ENABLED" ? "daily backups" : "no backups";
        return string.Join(", ", [$"{throughput} throughput", backup, .. moves]);
    }
}
