using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>Logs are kept for a time, in groups of the stack.</summary>
public sealed class LogTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    // The values that CloudWatch Logs takes: PutRetentionPolicy.
    private static readonly int[] Retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    [Fact]
    public void Every_log_group_has_a_retention_that_CloudWatch_takes()
    {
        Assert.NotEmpty(Template.OfType("AWS::Logs::LogGroup"));
        Assert.All(Template.OfType("AWS::Logs::LogGroup"), group => Assert.Contains((int)group["RetentionInDays"].Number, Retentions));
    }

    [Fact]
    public void No_log_goes_to_a_group_that_something_else_makes_without_a_retention()
        => Assert.All(Template.OfType("AWS::Lambda::Function"), function =>
        {
            var named = Template.OfType("AWS::Logs::LogGroup").Any(g => g["LogGroupName"].OptionalText == $"/aws/lambda/{function["FunctionName"].OptionalText}");
            Assert.True(named || function["LoggingConfig"]["LogGroup"].Targets is [{ Type: "AWS::Logs::LogGroup" }], $"{function} logs to a group that Lambda makes, for ever.");
        });

    [Fact]
    public void Who_writes_a_log_may_write_only_that_log()
    {
        (PublishedResource Role, PublishedResource Log)[] writers =
        [
            .. Template.OfType("AWS::Lambda::Function").Select(f => (f["Role"].Target, f["LoggingConfig"]["LogGroup"].Target)),
            (Template.MongoTask["ExecutionRoleArn"].Target, Template.MongoContainer["LogConfiguration"]["Options"]["awslogs-group"].Target),
        ];

        Assert.All(writers, writer =>
        {
            var statements = IamStatement.Of(Template, writer.Role).Where(s => s.Allows && s.Actions.Any(a => a.StartsWith("logs:", StringComparison.Ordinal))).ToArray();
            Assert.Superset(new HashSet<string> { "logs:CreateLogStream", "logs:PutLogEvents" }, statements.SelectMany(s => s.Actions).ToHashSet());
            Assert.All(statements.SelectMany(s => s.Resources), r => Assert.Same(writer.Log, r.Target));
        });
    }
}
