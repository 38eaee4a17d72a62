namespace RvkApp.Tests.Topology;

/// <summary>Secrets, the roles that may read them, and everything else roles may do.</summary>
public class SecretAndRoleTests(SynthesizedTopology topology)
{
    [Theory]
    [InlineData("MongoPassword", "32", "Retain")]
    [InlineData("JwtSigningKey", "64", "Delete")]
    public async Task A_secret_is_generated_and_never_written_down(string id, string length, string deletion)
    {
        var template = await topology.DefaultAsync();
        var secret = template[id];

        Assert.Equal(length, secret.Text("GenerateSecretString.PasswordLength"));
        Assert.Null(secret["SecretString"]);
        Assert.Equal(deletion, secret.DeletionPolicy);
        Assert.Equal(2, template.All("SecretsManager::Secret").Count);
        Assert.DoesNotContain("{{resolve:", template.Json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_gets_its_password_as_a_secret_and_not_as_a_variable()
    {
        var task = (await topology.DefaultAsync()).Only("ECS::TaskDefinition");

        Assert.Equal("MONGO_INITDB_ROOT_PASSWORD", task.Text("ContainerDefinitions.0.Secrets.0.Name"));
        Assert.Equal("${MongoPassword}", task.Text("ContainerDefinitions.0.Secrets.0.ValueFrom"));
        Assert.DoesNotContain(task.At("ContainerDefinitions.0.Environment")!.AsArray(), variable => CloudTemplate.Text(variable!["Name"]).Contains("PASSWORD", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_function_may_read_exactly_the_two_secrets()
    {
        var statements = PolicyStatement.OfRole(await topology.DefaultAsync(), "ApiRole");
        var secrets = Assert.Single(statements, statement => statement.Actions.Any(action => action.StartsWith("secretsmanager:", StringComparison.Ordinal)));
        var parameters = Assert.Single(statements, statement => statement.Actions.Any(action => action.StartsWith("ssm:", StringComparison.Ordinal)));

        Assert.Equal(["secretsmanager:GetSecretValue"], secrets.Actions);
        Assert.Equal(["${MongoPassword}", "${JwtSigningKey}"], secrets.Resources);
        Assert.Equal(["ssm:GetParameters"], parameters.Actions);
        Assert.Equal(2, parameters.Resources.Count);
        Assert.All(parameters.Resources, resource => Assert.StartsWith("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/aws/reference/secretsmanager/rvk-school-mgmt/", resource, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_parameters_that_the_function_may_read_are_the_names_of_its_secrets()
    {
        var template = await topology.DefaultAsync();
        var parameters = Assert.Single(PolicyStatement.OfRole(template, "ApiRole"), statement => statement.Actions.Contains("ssm:GetParameters"));

        Assert.Equal(
            new[] { "MongoPassword", "JwtSigningKey" }.Select(id => template[id].Text("Name")),
            parameters.Resources.Select(resource => resource[(resource.IndexOf("/secretsmanager/", StringComparison.Ordinal) + "/secretsmanager/".Length)..]));
    }

    [Fact]
    public async Task A_third_secret_exists_only_where_the_first_administrator_is_asked_for()
    {
        var template = await topology.OtherAsync();

        Assert.Equal(3, template.All("SecretsManager::Secret").Count);
        Assert.Equal("${AdminPassword}", template.Api.Text("Environment.Variables.Secrets__AdminPassword"));
        Assert.Contains(PolicyStatement.OfRole(template, "ApiRole"), statement => statement.Resources.Contains("${AdminPassword}"));
    }

    [Theory]
    [InlineData("ApiRole", "lambda.amazonaws.com")]
    [InlineData("MongoTaskRole", "ecs-tasks.amazonaws.com")]
    [InlineData("MongoExecutionRole", "ecs-tasks.amazonaws.com")]
    [InlineData("FlowLogRole", "vpc-flow-logs.amazonaws.com")]
    [InlineData("CloseDefaultGroupRole", "lambda.amazonaws.com")]
    public async Task A_role_is_taken_by_its_service_only(string role, string service)
    {
        var template = await topology.DefaultAsync();
        var trust = Assert.Single(PolicyStatement.Of(role, template[role]["AssumeRolePolicyDocument"]));

        Assert.Equal(service, CloudTemplate.Text(trust.Node["Principal"]!["Service"]));
        Assert.Equal(["sts:AssumeRole"], trust.Actions);
        Assert.Null(template[role]["ManagedPolicyArns"]);
        Assert.Equal(5, template.All("IAM::Role").Count);
    }

    [Fact]
    public async Task Each_workload_has_a_role_of_its_own()
    {
        var template = await topology.DefaultAsync();

        Assert.Equal("${ApiRole.Arn}", template.Api.Text("Role"));
        Assert.Equal("${MongoTaskRole.Arn}", template.Only("ECS::TaskDefinition").Text("TaskRoleArn"));
        Assert.Equal("${MongoExecutionRole.Arn}", template.Only("ECS::TaskDefinition").Text("ExecutionRoleArn"));
        Assert.Equal("${FlowLogRole.Arn}", template.Only("EC2::FlowLog").Text("DeliverLogsPermissionArn"));
    }

    [Fact]
    public async Task No_role_may_do_everything_and_only_descriptions_are_for_every_resource()
    {
        var template = await topology.DefaultAsync();
        var statements = template.All("IAM::Role").SelectMany(role => PolicyStatement.OfRole(template, role.Id)).ToArray();

        Assert.DoesNotContain(statements.SelectMany(statement => statement.Actions), action => action.Contains('*', StringComparison.Ordinal));
        var everywhere = statements.Where(statement => statement.Allows && statement.Resources.Contains("*")).SelectMany(statement => statement.Actions);
        Assert.Equal(["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], everywhere);
    }

    [Fact]
    public async Task The_functions_own_code_may_not_touch_the_network()
    {
        var template = await topology.DefaultAsync();
        var statements = PolicyStatement.OfRole(template, "ApiRole");
        var denial = Assert.Single(statements, statement => !statement.Allows);

        Assert.Equal(statements.Where(statement => statement.Allows).SelectMany(statement => statement.Actions).Where(action => action.StartsWith("ec2:", StringComparison.Ordinal)).Order(StringComparer.Ordinal), denial.Actions);
        Assert.Contains("lambda:SourceFunctionArn", denial.Condition, StringComparison.Ordinal);
        Assert.EndsWith($":function:{template.Api.Text("FunctionName")}", CloudTemplate.Text(denial.Node["Condition"]!["ArnEquals"]!["lambda:SourceFunctionArn"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_task_may_mount_and_write_through_its_access_point_and_nothing_else()
    {
        var statement = Assert.Single(PolicyStatement.OfRole(await topology.DefaultAsync(), "MongoTaskRole"));

        Assert.Equal(["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], statement.Actions);
        Assert.Equal(["${FileSystem.Arn}"], statement.Resources);
        Assert.Contains("elasticfilesystem:AccessPointArn", statement.Condition, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_agent_of_the_task_may_log_and_read_the_one_password()
    {
        var statements = PolicyStatement.OfRole(await topology.DefaultAsync(), "MongoExecutionRole");

        Assert.Equal(["logs:CreateLogStream", "logs:PutLogEvents", "secretsmanager:GetSecretValue"], statements.SelectMany(statement => statement.Actions).Order(StringComparer.Ordinal));
        Assert.Equal(["${MongoLog.Arn}", "${MongoPassword}"], statements.SelectMany(statement => statement.Resources));
    }
}
