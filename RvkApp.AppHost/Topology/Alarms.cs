using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.Logs;

namespace RvkApp.AppHost.Topology;

/// <summary>What is watched, each with the sentence that whoever is woken up reads first.</summary>
internal sealed class Alarms(Stack stack, Notifications notifications)
{
    private const string OwnNamespace = SchoolStack.Project;
    private const int FiveMinutes = 300;
    private const int OneMinute = 60;

    // Bytes: less than half of the 2.1 TiB that a new file system starts with.
    private const double LowBurstCredit = 1_000_000_000_000;

    /// <summary>Watches the network: rejected traffic and the NAT gateway.</summary>
    public void WatchNetwork(Network network, CfnLogGroup flowLog)
    {
        CreateLogMetric("RejectedTraffic", flowLog,
            "[version, account, interface, source, destination, sourceport, destinationport, protocol, packets, bytes, start, end, action = \"REJECT\", status]");
        Create("RejectedTrafficAlarm", "rejected-traffic", "The network rejected more than 10 flows in 5 minutes: a rule is missing, or someone is probing.",
            Own("RejectedTraffic") with { Threshold = 10 });
        Create("NatPortsAlarm", "nat-port-allocation", "The NAT gateway ran out of ports: connections to the outside fail.",
            new("AWS/NATGateway", "ErrorPortAllocation", ("NatGatewayId", network.Nat.Ref)));
    }

    /// <summary>Watches the API's function and its gateway.</summary>
    public void WatchApi(string functionName, string apiId, CfnLogGroup log, TopologyOptions options)
    {
        Create("ApiErrorsAlarm", "api-errors", "The API's function failed or timed out.", new("AWS/Lambda", "Errors", ("FunctionName", functionName)));
        Create("ApiThrottlesAlarm", "api-throttles", "The API's function has reached its reserved concurrency: callers get 503.", new("AWS/Lambda", "Throttles", ("FunctionName", functionName)));
        Create("ApiDurationAlarm", "api-duration", "One request of a hundred takes more than 80 % of the function's timeout.",
            new("AWS/Lambda", "Duration", ("FunctionName", functionName)) { Statistic = "p99", Threshold = options.LambdaTimeout * 1000 * 0.8, Periods = 3 });
        Create("HttpApiErrorsAlarm", "api-5xx", "The HTTP API answered more than 5 requests in 5 minutes with a server error.", new("AWS/ApiGateway", "5xx", ("ApiId", apiId)) { Threshold = 5 });
        // The two sentences that the API logs when MongoDB is away, once a request and once a change.
        CreateLogMetric("ConnectionFailures", log, "?\"MongoDB did not answer\" ?\"The database is not ready\"");
        Create("ConnectionFailuresAlarm", "connection-failures", "The API cannot reach MongoDB: see troubleshooting 1 in docs/aws.md.", Own("ConnectionFailures"));
    }

    /// <summary>Watches MongoDB's task and its file system.</summary>
    public void WatchData(DataTier data, StorageTier storage)
    {
        Create("MongoTaskAlarm", "mongo-not-running", "MongoDB's task is not running: see troubleshooting 2 and 3 in docs/aws.md.",
            new("ECS/ContainerInsights", "RunningTaskCount", ("ClusterName", data.Cluster.Ref), ("ServiceName", data.Service.AttrName))
            {
                Statistic = "Minimum",
                Comparison = "LessThanThreshold",
                Threshold = 1,
                Period = OneMinute,
                Periods = 5,
                Missing = "breaching",
            });
        Create("FileSystemIoAlarm", "efs-io-limit", "The file system has used more than 80 % of its I/O for 15 minutes: MongoDB slows down.",
            new("AWS/EFS", "PercentIOLimit", ("FileSystemId", storage.FileSystem.Ref)) { Statistic = "Average", Threshold = 80, Periods = 3 });
        Create("FileSystemCreditsAlarm", "efs-burst-credits", "The file system has used more than half of its burst credits: its throughput will drop when none are left.",
            new("AWS/EFS", "BurstCreditBalance", ("FileSystemId", storage.FileSystem.Ref)) { Statistic = "Minimum", Comparison = "LessThanThreshold", Threshold = LowBurstCredit });
    }

    private static Metric Own(string name) => new(OwnNamespace, name);

    private void CreateLogMetric(string name, CfnLogGroup log, string pattern) => _ = new CfnMetricFilter(stack, $"{name}Metric", new CfnMetricFilterProps
    {
        LogGroupName = log.Ref,
        FilterPattern = pattern,
        MetricTransformations = new[]
        {
            new CfnMetricFilter.MetricTransformationProperty { MetricNamespace = OwnNamespace, MetricName = name, MetricValue = "1", DefaultValue = 0, Unit = "Count" },
        },
    });

    private void Create(string id, string name, string description, Metric metric)
    {
        var percentile = metric.Statistic.StartsWith('p');
        _ = new CfnAlarm(stack, id, new CfnAlarmProps
        {
            AlarmName = $"{SchoolStack.Project}-{name}",
            AlarmDescription = description,
            Namespace = metric.Namespace,
            MetricName = metric.Name,
            Dimensions = metric.Dimensions.Select(dimension => new CfnAlarm.DimensionProperty { Name = dimension.Name, Value = dimension.Value }).ToArray(),
            Statistic = percentile ? null : metric.Statistic,
            ExtendedStatistic = percentile ? metric.Statistic : null,
            ComparisonOperator = metric.Comparison,
            Threshold = metric.Threshold,
            Period = metric.Period,
            EvaluationPeriods = metric.Periods,
            TreatMissingData = metric.Missing,
            ActionsEnabled = true,
            AlarmActions = [notifications.Topic.Ref],
            OkActions = [notifications.Topic.Ref],
        });
    }

    /// <summary>A metric of CloudWatch and when it alarms; more than none in five minutes, unless said otherwise.</summary>
    private sealed record Metric(string Namespace, string Name, params (string Name, string Value)[] Dimensions)
    {
        public string Statistic { get; init; } = "Sum";

        public string Comparison { get; init; } = "GreaterThanThreshold";

        public double Threshold { get; init; }

        public int Period { get; init; } = FiveMinutes;

        public int Periods { get; init; } = 1;

        public string Missing { get; init; } = "notBreaching";
    }
}
