using System.Text.RegularExpressions;
using RvkApp.Tests.Support;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>What wakes somebody up.</summary>
public sealed partial class AlarmTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private static readonly string[] Below = ["LessThanThreshold", "LessThanOrEqualToThreshold"];
    private static readonly string[] Above = ["GreaterThanThreshold", "GreaterThanOrEqualToThreshold"];

    /// <summary>Namespace, metric, statistics that fit, direction, the dimension that says whose, and the type of the resource it names.</summary>
    public static TheoryData<string, string, string, bool, string, string> Metrics => new()
    {
        { "AWS/Lambda", "Errors", "Sum", true, "FunctionName", "AWS::Lambda::Function" },
        { "AWS/Lambda", "Throttles", "Sum", true, "FunctionName", "AWS::Lambda::Function" },
        { "AWS/Lambda", "Duration", "p99", true, "FunctionName", "AWS::Lambda::Function" },
        { "AWS/ApiGateway", "5xx", "Sum", true, "ApiId", "AWS::ApiGatewayV2::Api" },
        { "ECS/ContainerInsights", "RunningTaskCount", "Minimum,Average,Maximum", false, "ServiceName", "AWS::ECS::Service" },
        { "AWS/EFS", "PercentIOLimit", "Average,Maximum", true, "FileSystemId", "AWS::EFS::FileSystem" },
        { "AWS/EFS", "BurstCreditBalance", "Average,Minimum", false, "FileSystemId", "AWS::EFS::FileSystem" },
        { "AWS/NATGateway", "ErrorPortAllocation", "Sum,Maximum", true, "NatGatewayId", "AWS::EC2::NatGateway" },
    };

    [Theory]
    [MemberData(nameof(Metrics))]
    public void A_metric_is_watched(string space, string metric, string statistics, bool above, string dimension, string type)
    {
        var alarm = Alarm(space, metric);

        Assert.Contains((alarm["ExtendedStatistic"].Exists ? alarm["ExtendedStatistic"] : alarm["Statistic"]).Text, statistics.Split(','));
        Assert.Contains(alarm["ComparisonOperator"].Text, above ? Above : Below);
        Assert.Equal(type, Assert.Single(alarm["Dimensions"].Items, d => d["Name"].Text == dimension)["Value"].Target.Type);
    }

    [Fact]
    public void The_slowest_requests_are_noticed_before_they_time_out()
        => Assert.InRange(Alarm("AWS/Lambda", "Duration")["Threshold"].Number, 1_000, 29_999);

    [Fact]
    public void The_function_that_is_watched_is_the_api()
        => Assert.All(["Errors", "Throttles", "Duration"], metric => Assert.Same(Template.ApiFunction, Alarm("AWS/Lambda", metric)["Dimensions"][0]["Value"].Target));

    [Fact]
    public void MongoDB_not_running_is_noticed_even_when_nothing_is_reported()
    {
        var alarm = Alarm("ECS/ContainerInsights", "RunningTaskCount");

        Assert.Equal(1, alarm["Threshold"].Number);
        Assert.Equal("LessThanThreshold", alarm["ComparisonOperator"].Text);
        Assert.Equal("breaching", alarm["TreatMissingData"].Text);
        Assert.Same(Template.Single("AWS::ECS::Cluster"), Assert.Single(alarm["Dimensions"].Items, d => d["Name"].Text == "ClusterName")["Value"].Target);
    }

    [Fact]
    public void The_cluster_reports_how_many_tasks_run()
        => Assert.Contains(
            Template.Single("AWS::ECS::Cluster")["ClusterSettings"].Items,
            s => s["Name"].Text == "containerInsights" && s["Value"].Text is "enabled" or "enhanced");

    [Fact]
    public void Failures_to_reach_the_database_are_counted_in_the_apis_log_and_the_count_is_watched()
    {
        var metric = Assert.Single(ConnectionFailures["MetricTransformations"].Items);

        Assert.Equal("1", metric["MetricValue"].Text);
        Assert.Contains(Alarm(metric["MetricNamespace"].Text, metric["MetricName"].Text)["ComparisonOperator"].Text, Above);
    }

    [Fact]
    public void What_is_counted_as_a_failure_is_what_the_api_writes()
    {
        var phrases = Phrase().Matches(ConnectionFailures["FilterPattern"].Text).Select(m => m.Groups[1].Value).ToArray();
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "RvkApp.Api"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText)
            .SelectMany(text => LogMessage().Matches(text).Select(m => m.Groups[1].Value)).ToArray();

        Assert.NotEmpty(phrases);
        Assert.All(phrases, phrase => Assert.Contains(sources, message => message.Contains(phrase, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_counted_in_a_log_is_added_up_and_is_too_much_above_a_number()
    {
        var counts = Template.OfType("AWS::Logs::MetricFilter").SelectMany(f => f["MetricTransformations"].Items).ToArray();

        Assert.Equal(2, counts.Length);
        Assert.All(counts, count =>
        {
            var alarm = Alarm(count["MetricNamespace"].Text, count["MetricName"].Text);
            Assert.Equal("Sum", alarm["Statistic"].Text);
            Assert.Contains(alarm["ComparisonOperator"].Text, Above);
            // A filter without dimensions counts for all; an alarm with one would watch what nobody reports.
            Assert.Equal(count["Dimensions"].Items.Count, alarm["Dimensions"].Items.Count);
        });
    }

    [Fact]
    public void Every_alarm_looks_at_minutes_and_at_a_number()
        => Assert.All(Template.OfType("AWS::CloudWatch::Alarm"), alarm =>
        {
            Assert.Equal(0, alarm["Period"].Number % 60);
            Assert.InRange(alarm["Period"].Number * alarm["EvaluationPeriods"].Number, 60, 3_600);
            Assert.InRange(alarm["Threshold"].Number, 0, double.MaxValue);
        });

    [Fact]
    public void Every_alarm_tells_somebody()
        => Assert.All(Template.OfType("AWS::CloudWatch::Alarm"), alarm =>
        {
            Assert.NotEqual("false", alarm["ActionsEnabled"].OptionalText);
            Assert.Contains(Template.Single("AWS::SNS::Topic"), alarm["AlarmActions"].Targets);
        });

    [Fact]
    public void Every_alarm_says_what_is_wrong()
        => Assert.All(Template.OfType("AWS::CloudWatch::Alarm"), alarm => Assert.InRange(alarm["AlarmDescription"].Text.Length, 20, 1024));

    private PublishedResource ConnectionFailures
    {
        get
        {
            var log = Template.ApiFunction["LoggingConfig"]["LogGroup"].Target;
            return Assert.Single(Template.OfType("AWS::Logs::MetricFilter"), f => f["LogGroupName"].Targets.Contains(log));
        }
    }

    private PublishedResource Alarm(string space, string metric)
        => Assert.Single(Template.OfType("AWS::CloudWatch::Alarm"), a => a["Namespace"].OptionalText == space && a["MetricName"].OptionalText == metric);

    // ?"MongoDB did not answer" ?"The database is not ready"
    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Phrase();

    // [LoggerMessage(Level = LogLevel.Warning, Message = "…")]
    [GeneratedRegex("Message = \"([^\"]+)\"")]
    private static partial Regex LogMessage();
}
