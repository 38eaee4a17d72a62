using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>What each workload may do: one role each, with the least that it needs.</summary>
public sealed class RoleTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    // The actions that AWS lets nobody narrow to a resource, and so the only ones that may be allowed on "*".
    private static readonly Dictionary<string, string> WithoutResource = new(StringComparer.Ordinal)
    {
        ["ec2:CreateNetworkInterface"] = "Lambda makes the function's interfaces; the role does not know their ids beforehand",
        ["ec2:DescribeNetworkInterfaces"] = "EC2 describes without resource-level permissions",
        ["ec2:DescribeSubnets"] = "EC2 describes without resource-level permissions",
        ["ec2:DescribeSecurityGroups"] = "EC2 describes without resource-level permissions",
        ["ec2:DescribeSecurityGroupRules"] = "EC2 describes without resource-level permissions",
        ["ec2:DescribeVpcs"] = "EC2 describes without resource-level permissions",
        ["ec2:GetSecurityGroupsForVpc"] = "EC2 lists without resource-level permissions",
        ["ec2:DeleteNetworkInterface"] = "the interfaces that Lambda made have ids that the role does not know beforehand",
        ["ec2:AssignPrivateIpAddresses"] = "as above: interfaces that Lambda made",
        ["ec2:UnassignPrivateIpAddresses"] = "as above: interfaces that Lambda made",
        ["ecr:GetAuthorizationToken"] = "a token is for all registries of the account",
        ["xray:PutTraceSegments"] = "X-Ray has no resource to write to",
        ["xray:PutTelemetryRecords"] = "X-Ray has no resource to write to",
        ["cloudwatch:PutMetricData"] = "metrics have no ARN; a condition on the namespace narrows it",
    };

    // What is not of the stack and may be named all the same.
    private static readonly Dictionary<string, string> OutsideTheStack = new(StringComparer.Ordinal)
    {
        ["arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:network-interface/*"] = "the interfaces that Lambda makes for the function have ids that nobody knows beforehand",
    };

    public static TheoryData<string> Workloads => ["function", "task", "task start", "flow log"];

    [Fact]
    public void Every_workload_has_a_role_of_its_own()
    {
        var users = Template.OfType("AWS::Lambda::Function").Select(f => f["Role"].Target)
            .Append(Template.MongoTask["TaskRoleArn"].Target)
            .Append(Template.MongoTask["ExecutionRoleArn"].Target)
            .Append(Template.Single("AWS::EC2::FlowLog")["DeliverLogsPermissionArn"].Target)
            .ToArray();

        Assert.Equal(users.Length, users.Distinct().Count());
        Assert.Equal(Template.OfType("AWS::IAM::Role").Select(r => r.LogicalId).Order(), users.Select(r => r.LogicalId).Order());
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public void A_role_is_for_one_service(string workload)
    {
        var (role, service) = Role(workload);
        var trust = Assert.Single(IamStatement.OfResources(Template), s => s.Owner == role);

        Assert.Equal([service], trust.Services);
        Assert.Equal(["sts:AssumeRole"], trust.Actions);
    }

    [Fact]
    public void No_role_is_for_two_services_or_for_an_account()
        => Assert.All(Template.OfType("AWS::IAM::Role"), role =>
        {
            var trust = Assert.Single(IamStatement.OfResources(Template), s => s.Owner == role);
            Assert.Single(trust.Services);
            Assert.Equal(["Service"], trust.Statement["Principal"].Members.Select(m => m.Name));
        });

    [Fact]
    public void No_role_may_do_everything_of_a_service()
        => Assert.All(IamStatement.OfRoles(Template).Where(s => s.Allows), statement =>
        {
            Assert.NotEmpty(statement.Actions);
            Assert.False(statement.Statement["NotAction"].Exists, $"{statement} allows all but what it names.");
            Assert.All(statement.Actions, action => Assert.DoesNotContain('*', action));
        });

    [Fact]
    public void A_permission_names_its_resource_unless_its_api_has_none()
        => Assert.All(IamStatement.OfRoles(Template).Where(s => s.Allows), statement =>
        {
            Assert.False(statement.Statement["NotResource"].Exists, $"{statement} allows all but what it names.");
            Assert.NotEmpty(statement.Resources);
            if (statement.Resources.Any(r => r.Text == "*"))
            {
                Assert.All(statement.Actions, action => Assert.True(WithoutResource.ContainsKey(action), $"{statement} allows {action} on *, and it can be narrowed."));
            }
        });

    [Fact]
    public void A_permission_is_for_a_resource_of_the_stack()
        => Assert.All(
            IamStatement.OfRoles(Template).Where(s => s.Allows).SelectMany(s => s.Resources.Where(r => r.Text != "*").Select(r => (Statement: s, Resource: r))),
            permission => Assert.True(
                permission.Resource.Targets.Count > 0 || OutsideTheStack.ContainsKey(permission.Resource.Text) || IsSecretAsParameter(permission.Resource),
                $"{permission.Statement} is for {permission.Resource.Text}, which is none of the stack's."));

    [Fact]
    public void No_role_takes_a_policy_that_AWS_writes()
        => Assert.All(Template.OfType("AWS::IAM::Role"), role => Assert.All(
            role["ManagedPolicyArns"].Items, arn => Assert.True(arn.Targets.Count > 0, $"{role} takes {arn.Text}: managed policies allow more than one workload needs.")));

    [Fact]
    public void Every_statement_is_one_that_IAM_reads()
        => Assert.All(IamStatement.OfRoles(Template).Concat(IamStatement.OfResources(Template)), statement =>
        {
            Assert.Contains(statement.Statement["Effect"].Text, (string[])["Allow", "Deny"]);
            Assert.NotEmpty(statement.Actions);
            Assert.All(statement.Actions, action => Assert.Matches(@"^(\*|[a-z0-9-]+:(\*|[A-Z]\w*\*?))$", action));
        });

    [Fact]
    public void The_function_gets_interfaces_in_its_subnets_with_its_group_only()
    {
        var create = Assert.Single(IamStatement.Of(Template, Template.ApiFunction["Role"].Target), s => s.Allows && s.Actions.Contains("ec2:CreateNetworkInterface"));
        string[] expected =
        [
            Arn("network-interface/*"),
            Arn($"security-group/${{{Template.Group(Landmarks.LambdaGroup).LogicalId}.GroupId}}"),
            .. Landmarks.ApplicationSubnets.Select(cidr => Arn($"subnet/${{{Template.Subnet(cidr).LogicalId}}}")),
        ];

        Assert.Equal(expected.Order(StringComparer.Ordinal), create.Resources.Select(r => r.Text).Order(StringComparer.Ordinal));

        static string Arn(string resource) => $"arn:${{AWS::Partition}}:ec2:${{AWS::Region}}:${{AWS::AccountId}}:{resource}";
    }

    [Fact]
    public void There_are_no_users_and_no_keys()
    {
        Assert.Empty(Template.OfType("AWS::IAM::User"));
        Assert.Empty(Template.OfType("AWS::IAM::AccessKey"));
        Assert.Empty(Template.OfType("AWS::IAM::Group"));
    }

    [Fact]
    public void A_resource_lets_in_everyone_only_to_refuse_them()
        => Assert.All(
            IamStatement.OfResources(Template).Where(s => s.Allows),
            statement => Assert.True(
                statement.Statement["Principal"] is var principal && !principal.OneOrMany.Concat(principal["AWS"].OneOrMany).Any(p => p.OptionalText == "*")
                    || statement.Statement["Condition"].Exists,
                $"{statement} lets everyone in."));

    // Parameter Store hands out a secret under this name to who may read both.
    private bool IsSecretAsParameter(TemplateValue resource)
        => Template.OfType("AWS::SecretsManager::Secret").Any(s => resource.Text == SecretTests.ParameterOf(s));

    private (PublishedResource Role, string Service) Role(string workload) => workload switch
    {
        "function" => (Template.ApiFunction["Role"].Target, "lambda.amazonaws.com"),
        "task" => (Template.MongoTask["TaskRoleArn"].Target, "ecs-tasks.amazonaws.com"),
        "task start" => (Template.MongoTask["ExecutionRoleArn"].Target, "ecs-tasks.amazonaws.com"),
        _ => (Template.Single("AWS::EC2::FlowLog")["DeliverLogsPermissionArn"].Target, "vpc-flow-logs.amazonaws.com"),
    };
}
