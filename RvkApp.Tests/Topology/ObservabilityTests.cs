using System.Text.Json.Nodes;

namespace RvkApp.Tests.Topology;

/// <summary>Monitoring, audit, and what tells others where things are.</summary>
public class ObservabilityTests(SynthesizedTopology topology)
{
    [Theory]
    [InlineData("/school-mgmt/vpc/id", "String", "${Vpc}")]
    [InlineData("/school-mgmt/vpc/lambda-private-subnets", "StringList", "10.0.2.0/24,10.0.3.0/24")]
    [InlineData("/school-mgmt/vpc/ecs-private-subnets", "StringList", "10.0.4.0/24,10.0.5.0/24")]
    [InlineData("/school-mgmt/lambda-sg-id", "String", "RVK-mongo-db-sg")]
    [InlineData("/school-mgmt/db/mongo-sg-id", "String", "RVK-ecs-mongo-sg")]
    public async Task A_parameter_tells_where_things_are(string name, string type, string value)
    {
        var template = await topology.DefaultAsync();
        var parameter = template.Named("SSM::Parameter", "Name", name);

        Assert.Equal(type, parameter.Text("Type"));
        var text = parameter.Text("Value");
        foreach (var subnet in template.All("EC2::Subnet"))
        {
            text = text.Replace($"${{{subnet.Id}}}", subnet.Text("CidrBlock"), StringComparison.Ordinal);
        }

        foreach (var group in template.All("EC2::SecurityGroup"))
        {
            text = text.Replace($"${{{group.Id}.GroupId}}", group.Text("GroupName"), StringComparison.Ordinal);
        }

        Assert.Equal(value, text);
        Assert.Equal(5, template.All("SSM::Parameter").Count);
    }

    [Fact]
    public async Task All_traffic_is_logged_and_rejected_traffic_alarms()
    {
        var template = await topology.DefaultAsync();
        var flow = template.Only("EC2::FlowLog");
        var filter = Assert.Single(template.All("Logs::MetricFilter"), filter => filter.Text("LogGroupName") == flow.Text("LogGroupName"));
        var alarm = Assert.Single(template.All("CloudWatch::Alarm"), alarm => alarm.Text("MetricName") == filter.Text("MetricTransformations.0.MetricName"));

        Assert.Equal(("VPC", "${Vpc}", "ALL"), (flow.Text("ResourceType"), flow.Text("ResourceId"), flow.Text("TrafficType")));
        Assert.Contains("action = \"REJECT\"", filter.Text("FilterPattern"), StringComparison.Ordinal);
        // The default format of a flow log record has 14 fields.
        Assert.Equal(14, filter.Text("FilterPattern").Split(',').Length);
        Assert.Equal(filter.Text("MetricTransformations.0.MetricNamespace"), alarm.Text("Namespace"));
    }

    [Fact]
    public async Task A_trail_records_every_call_into_a_private_encrypted_bucket_that_is_kept()
    {
        var template = await topology.DefaultAsync();
        var trail = template.Only("CloudTrail::Trail");
        var bucket = template[trail.Text("S3BucketName").Trim('$', '{', '}')];

        Assert.Equal(("true", "true", "true", "true"), (trail.Text("IsLogging"), trail.Text("IsMultiRegionTrail"), trail.Text("IncludeGlobalServiceEvents"), trail.Text("EnableLogFileValidation")));
        Assert.Equal(("true", "All"), (trail.Text("EventSelectors.0.IncludeManagementEvents"), trail.Text("EventSelectors.0.ReadWriteType")));
        Assert.Equal("Retain", bucket.DeletionPolicy);
        Assert.Equal(2, template.All("S3::Bucket").Count);
        Assert.All(template.All("S3::Bucket"), each =>
        {
            Assert.Equal("AES256", each.Text("BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.SSEAlgorithm"));
            Assert.All(new[] { "BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets" }, setting => Assert.Equal("true", each.Text($"PublicAccessBlockConfiguration.{setting}")));
            Assert.Equal("Enabled", each.Text("LifecycleConfiguration.Rules.0.Status"));
            var policy = Assert.Single(template.All("S3::BucketPolicy"), policy => policy.Text("Bucket") == $"${{{each.Id}}}");
            Assert.Contains(PolicyStatement.Of(each.Id, policy["PolicyDocument"]), statement => !statement.Allows && statement.Condition == """{"Bool":{"aws:SecureTransport":"false"}}""" && statement.Actions is ["s3:*"]);
        });
    }

    [Theory]
    [InlineData("AuthorizeSecurityGroupIngress")]
    [InlineData("AuthorizeSecurityGroupEgress")]
    [InlineData("RevokeSecurityGroupIngress")]
    [InlineData("RevokeSecurityGroupEgress")]
    [InlineData("CreateSecurityGroup")]
    [InlineData("DeleteSecurityGroup")]
    [InlineData("ModifySecurityGroupRules")]
    [InlineData("UpdateSecurityGroupRuleDescriptionsIngress")]
    [InlineData("UpdateSecurityGroupRuleDescriptionsEgress")]
    [InlineData("ModifyNetworkInterfaceAttribute")]
    public async Task A_change_of_a_security_group_is_told(string call)
    {
        var template = await topology.DefaultAsync();
        var rule = template.Only("Events::Rule");

        Assert.Equal("ENABLED", rule.Text("State"));
        Assert.Equal(["aws.ec2"], rule.Texts("EventPattern.source"));
        Assert.Equal(["AWS API Call via CloudTrail"], rule.Texts("EventPattern.detail-type"));
        Assert.Equal(["ec2.amazonaws.com"], rule.Texts("EventPattern.detail.eventSource"));
        Assert.Contains(call, rule.Texts("EventPattern.detail.eventName"));
        Assert.Equal($"${{{template.Only("SNS::Topic").Id}}}", rule.Text("Targets.0.Arn"));
    }

    [Fact]
    public async Task The_topic_is_encrypted_with_a_key_that_alarms_and_events_may_use()
    {
        var template = await topology.DefaultAsync();
        var key = template.Only("KMS::Key");
        var policy = PolicyStatement.Of("topic", template.Only("SNS::TopicPolicy")["PolicyDocument"]).ToArray();

        Assert.Equal($"${{{key.Id}.Arn}}", template.Only("SNS::Topic").Text("KmsMasterKeyId"));
        Assert.Equal("true", key.Text("EnableKeyRotation"));
        foreach (var service in new[] { "cloudwatch.amazonaws.com", "events.amazonaws.com" })
        {
            Assert.Contains(PolicyStatement.Of("key", key["KeyPolicy"]), statement => Principal(statement) == service && statement.Actions.Contains("kms:GenerateDataKey*") && statement.Actions.Contains("kms:Decrypt"));
            Assert.Contains(policy, statement => Principal(statement) == service && statement.Actions is ["sns:Publish"]);
        }

        Assert.Contains(policy, statement => !statement.Allows && statement.Condition == """{"Bool":{"aws:SecureTransport":"false"}}""");

        static string Principal(PolicyStatement statement) => CloudTemplate.Text((statement.Node["Principal"] as JsonObject)?["Service"]);
    }

    [Theory]
    [InlineData("AWS/Lambda", "Errors", "FunctionName", "${ApiFunction}")]
    [InlineData("AWS/Lambda", "Throttles", "FunctionName", "${ApiFunction}")]
    [InlineData("AWS/Lambda", "Duration", "FunctionName", "${ApiFunction}")]
    [InlineData("AWS/ApiGateway", "5xx", "ApiId", "${HttpApi}")]
    [InlineData("ECS/ContainerInsights", "RunningTaskCount", "ServiceName", "${MongoService.Name}")]
    [InlineData("AWS/EFS", "PercentIOLimit", "FileSystemId", "${FileSystem}")]
    [InlineData("AWS/EFS", "BurstCreditBalance", "FileSystemId", "${FileSystem}")]
    [InlineData("AWS/NATGateway", "ErrorPortAllocation", "NatGatewayId", "${NatGateway}")]
    [InlineData("rvk-school-mgmt", "ConnectionFailures", null, null)]
    [InlineData("rvk-school-mgmt", "RejectedTraffic", null, null)]
    public async Task An_alarm_watches_and_tells(string space, string metric, string? dimension, string? value)
    {
        var template = await topology.DefaultAsync();
        var alarm = Assert.Single(template.All("CloudWatch::Alarm"), alarm => alarm.Text("Namespace") == space && alarm.Text("MetricName") == metric);

        Assert.Equal([$"${{{template.Only("SNS::Topic").Id}}}"], alarm.Texts("AlarmActions"));
        Assert.StartsWith("rvk-school-mgmt-", alarm.Text("AlarmName"), StringComparison.Ordinal);
        Assert.NotEmpty(alarm.Text("AlarmDescription"));
        if (dimension is not null)
        {
            Assert.Contains(alarm["Dimensions"]!.AsArray(), candidate => CloudTemplate.Text(candidate!["Name"]) == dimension && CloudTemplate.Text(candidate["Value"]) == value);
        }

        Assert.Equal(10, template.All("CloudWatch::Alarm").Count);
    }

    [Fact]
    public async Task Slow_requests_are_the_99th_percentile_and_a_missing_task_alarms()
    {
        var template = await topology.DefaultAsync();
        var duration = template.Named("CloudWatch::Alarm", "AlarmName", "rvk-school-mgmt-api-duration");
        var task = template.Named("CloudWatch::Alarm", "AlarmName", "rvk-school-mgmt-mongo-not-running");

        Assert.Equal("p99", duration.Text("ExtendedStatistic"));
        Assert.Equal("24000", duration.Text("Threshold"));
        Assert.Equal(("LessThanThreshold", "1", "breaching"), (task.Text("ComparisonOperator"), task.Text("Threshold"), task.Text("TreatMissingData")));
        Assert.Equal("enabled", template.Only("ECS::Cluster").Text("ClusterSettings.0.Value"));
    }

    [Theory]
    [InlineData("GET /students: 503, trace 4bf92f3577b34da6. MongoDB did not answer")]
    [InlineData("The database is not ready, and requests that need it are answered with 503 until it is: a timeout")]
    public async Task A_failed_connection_is_found_in_the_log_of_the_api(string line)
    {
        var template = await topology.DefaultAsync();
        var filter = Assert.Single(template.All("Logs::MetricFilter"), filter => filter.Text("LogGroupName") == "${ApiLog}");
        // CloudWatch Logs, "Filter pattern syntax": ?"one" ?"another" matches a line with either.
        var phrases = filter.Text("FilterPattern").Split('"').Where((_, index) => index % 2 == 1).ToArray();

        Assert.Contains(phrases, phrase => line.Contains(phrase, StringComparison.Ordinal));
        Assert.Equal("${ApiLog}", template.Api.Text("LoggingConfig.LogGroup"));
    }

    [Fact]
    public async Task Every_log_group_has_a_retention_and_goes_with_the_stack()
    {
        var groups = (await topology.DefaultAsync()).All("Logs::LogGroup");

        Assert.Equal(5, groups.Count);
        Assert.All(groups, group => Assert.Equal(("30", "Delete"), (group.Text("RetentionInDays"), group.DeletionPolicy)));
    }

    [Fact]
    public async Task MongoDB_logs_without_ever_waiting_for_its_log()
    {
        var task = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");

        Assert.Equal("awslogs", task.Text("ContainerDefinitions.0.LogConfiguration.LogDriver"));
        Assert.Equal("${MongoLog}", task.Text("ContainerDefinitions.0.LogConfiguration.Options.awslogs-group"));
        Assert.Equal("non-blocking", task.Text("ContainerDefinitions.0.LogConfiguration.Options.mode"));
    }
}
