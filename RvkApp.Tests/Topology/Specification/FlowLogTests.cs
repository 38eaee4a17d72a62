using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>What the network lets through and what it does not is written down.</summary>
public sealed class FlowLogTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private PublishedResource FlowLog => Template.Single("AWS::EC2::FlowLog");

    [Fact]
    public void All_traffic_of_the_vpc_is_logged()
    {
        Assert.Equal("VPC", FlowLog["ResourceType"].Text);
        Assert.Same(Template.Vpc, FlowLog["ResourceId"].Target);
        Assert.Equal("ALL", FlowLog["TrafficType"].Text);
    }

    [Fact]
    public void The_flow_log_goes_to_a_log_group_of_the_stack()
    {
        Assert.Equal("cloud-watch-logs", FlowLog["LogDestinationType"].OptionalText ?? "cloud-watch-logs");
        Assert.Equal("AWS::Logs::LogGroup", LogGroup.Type);
    }

    [Fact]
    public void The_flow_log_may_write_to_that_group_and_no_other()
    {
        var statements = IamStatement.Of(Template, FlowLog["DeliverLogsPermissionArn"].Target).Where(s => s.Allows).ToArray();

        Assert.Superset(new HashSet<string> { "logs:CreateLogStream", "logs:PutLogEvents" }, statements.SelectMany(s => s.Actions).ToHashSet());
        Assert.All(statements.SelectMany(s => s.Resources), r => Assert.Same(LogGroup, r.Target));
    }

    [Fact]
    public void Rejected_traffic_is_counted_and_the_count_is_watched()
    {
        var filter = Assert.Single(Template.OfType("AWS::Logs::MetricFilter"), f => f["LogGroupName"].Targets.Contains(LogGroup));
        var metric = Assert.Single(filter["MetricTransformations"].Items);

        // [version, account, …, action = "REJECT", status]: the 14 fields of the default format, the action last but one
        Assert.Matches(@"REJECT", filter["FilterPattern"].Text);
        Assert.Equal("1", metric["MetricValue"].Text);
        Assert.Single(
            Template.OfType("AWS::CloudWatch::Alarm"),
            a => a["MetricName"].OptionalText == metric["MetricName"].Text && a["Namespace"].OptionalText == metric["MetricNamespace"].Text);
    }

    [Fact]
    public void The_filter_counts_the_fields_of_the_format_that_is_written()
    {
        Assert.False(FlowLog["LogFormat"].Exists, "The filter's fields are those of the default format.");
        var fields = Template.OfType("AWS::Logs::MetricFilter").Single(f => f["LogGroupName"].Targets.Contains(LogGroup))["FilterPattern"].Text.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries);

        Assert.Equal(14, fields.Length);
        Assert.Matches(@"^\w+\s*=\s*""?REJECT""?$", fields[12]);
    }

    private PublishedResource LogGroup => (FlowLog["LogDestination"].Exists ? FlowLog["LogDestination"] : FlowLog["LogGroupName"]).Target;
}
