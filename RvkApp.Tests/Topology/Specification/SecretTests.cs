using System.Text.RegularExpressions;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>MongoDB's root password and the key that signs tokens.</summary>
public sealed partial class SecretTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void There_are_two_secrets_and_both_are_generated()
    {
        var secrets = Template.OfType("AWS::SecretsManager::Secret");

        Assert.Equal(2, secrets.Count);
        Assert.All(secrets, secret =>
        {
            Assert.True(secret["GenerateSecretString"].Exists, $"{secret} is not generated.");
            Assert.False(secret["SecretString"].Exists, $"{secret} has its value in the template.");
            Assert.False(secret["GenerateSecretString"]["SecretStringTemplate"].Exists, $"{secret}: MongoDB and the API take the secret as it is, not as JSON.");
        });
    }

    [Fact]
    public void The_passwords_characters_need_no_quoting()
        => Assert.True(Template.MongoSecret["GenerateSecretString"]["ExcludePunctuation"].IsTrue, "The password could have characters that a shell or a connection string reads as something else.");

    [Fact]
    public void The_signing_key_has_at_least_256_bits()
    {
        // A character out of 62 carries 5.95 bits, and 32 bytes are what the API refuses to start without.
        var generate = Template.JwtSecret["GenerateSecretString"];
        Assert.InRange(generate["PasswordLength"] is { Exists: true } length ? length.Number : 32, 43, 4096);
    }

    [Fact]
    public void The_task_gets_its_password_as_a_secret_and_no_other()
    {
        var secret = Assert.Single(Template.MongoContainer["Secrets"].Items);

        Assert.Equal("MONGO_INITDB_ROOT_PASSWORD", secret["Name"].Text);
        Assert.Same(Template.MongoSecret, secret["ValueFrom"].Target);
    }

    [Fact]
    public void No_environment_variable_has_a_secret_in_it()
    {
        var variables = Template.MongoContainer["Environment"].Items.Select(e => (Name: e["Name"].Text, Value: e["Value"]))
            .Concat(Template.OfType("AWS::Lambda::Function").SelectMany(f => f["Environment"]["Variables"].Members)).ToArray();

        Assert.NotEmpty(variables);
        Assert.All(variables.Where(v => SecretName().IsMatch(v.Name)), v =>
            Assert.True(v.Value.Targets is [{ Type: "AWS::SecretsManager::Secret" }] && v.Value.Text.StartsWith("${", StringComparison.Ordinal), $"{v.Value} should be the ARN of a secret."));
    }

    [Fact]
    public void No_value_of_a_secret_is_looked_up_into_the_template()
    {
        Assert.DoesNotContain("{{resolve:secretsmanager", Template.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{{resolve:ssm-secure", Template.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_function_may_read_exactly_the_two_secrets()
    {
        var statements = Reading(Template.ApiFunction["Role"].Target);

        Assert.Equal(["secretsmanager:GetSecretValue"], statements.SelectMany(s => s.Actions).Where(a => a != "secretsmanager:DescribeSecret").Distinct());
        Assert.Equal(
            new[] { $"${{{Template.MongoSecret.LogicalId}}}", $"${{{Template.JwtSecret.LogicalId}}}" }.Order(),
            statements.SelectMany(s => s.Resources).Select(r => r.Text).Distinct().Order());
    }

    [Fact]
    public void Through_parameter_store_the_function_reads_those_two_as_well_and_nothing_else()
    {
        var parameters = IamStatement.Of(Template, Template.ApiFunction["Role"].Target)
            .Where(s => s.Allows && s.Actions.Any(a => a.StartsWith("ssm:", StringComparison.Ordinal))).ToArray();

        Assert.Subset(new HashSet<string> { "ssm:GetParameter", "ssm:GetParameters" }, parameters.SelectMany(s => s.Actions).ToHashSet());
        Assert.Subset(
            Template.OfType("AWS::SecretsManager::Secret").Select(ParameterOf).ToHashSet(),
            parameters.SelectMany(s => s.Resources).Select(r => r.Text).ToHashSet());
    }

    [Theory]
    [InlineData("DeletionPolicy")]
    [InlineData("UpdateReplacePolicy")]
    public void The_password_outlives_the_stack_as_the_data_that_it_opens_do(string policy)
        => Assert.Equal("Retain", Template.MongoSecret.All[policy].OptionalText);

    [Fact]
    public void Who_starts_the_task_may_read_its_password_only()
        => Assert.Equal(
            [$"${{{Template.MongoSecret.LogicalId}}}"],
            Reading(Template.MongoTask["ExecutionRoleArn"].Target).SelectMany(s => s.Resources).Select(r => r.Text).Distinct());

    [Fact]
    public void Nobody_else_may_read_a_secret()
    {
        var readers = new[] { Template.ApiFunction["Role"].Target, Template.MongoTask["ExecutionRoleArn"].Target };
        var roles = Template.OfType("AWS::IAM::Role").Except(readers);

        Assert.All(roles, role => Assert.Empty(Reading(role)));
    }

    /// <summary>The ARN under which Parameter Store hands out a secret.</summary>
    internal static string ParameterOf(PublishedResource secret)
        => $"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/aws/reference/secretsmanager/{secret["Name"].Text}";

    private IamStatement[] Reading(PublishedResource role)
        => [.. IamStatement.Of(Template, role).Where(s => s.Allows && s.Actions.Any(a => a.StartsWith("secretsmanager:", StringComparison.OrdinalIgnoreCase)))];

    [GeneratedRegex("password|secret|signingkey|token|credential", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
