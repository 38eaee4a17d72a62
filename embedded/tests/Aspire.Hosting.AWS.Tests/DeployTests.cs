using System.Net;

namespace Aspire.Hosting.AWS.Tests;

public class DeployTests
{
    private const string Motto = "--Parameters:the-motto=be kind";

    [Fact]
    public async Task A_deployment_hands_the_published_assembly_to_the_CDK()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, errors, output) = await standIns.EndAsync("deploy", Motto);

        Assert.Equal((0, ""), (exitCode, errors));
        var call = Assert.Single(standIns.NpxCalls, c => c.Contains(" deploy ", StringComparison.Ordinal));
        Assert.Matches(@"^us-east-2\|--yes aws-cdk@2\.\d+\.\d+ deploy --all --app \S+/out/cdk\.out --require-approval never ", call);
        Assert.Contains("--parameters Paramgreeting=hello --parameters Paramthemotto=be kind", call);
        Assert.DoesNotContain("Mail", call);
        Assert.Contains("CloudApp: it begins", output);
        Assert.Contains("CloudApp: a line on the error output", output);
        Assert.Contains($"Deployed: CloudApp to account {StandIns.Account} in us-east-2", output);
    }

    [Fact]
    public async Task A_parameter_that_the_stack_adds_can_be_set()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, _, _) = await standIns.EndAsync("deploy", Motto, "--Parameters:Mail=somebody@example.org");

        Assert.Equal(0, exitCode);
        Assert.Contains(standIns.NpxCalls, c => c.Contains("--parameters CloudApp:Mail=somebody@example.org", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deployment_that_fails_ends_with_exit_code_1()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Variables["NPX_EXIT_CODE"] = "3";

        var (exitCode, errors, _) = await standIns.EndAsync("deploy", Motto);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Step 'deploy-aws' failed: 'cdk deploy' failed with exit code 3;", errors);
    }

    [Fact]
    public async Task What_could_not_be_published_is_not_deployed()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, errors, _) = await standIns.EndAsync("deploy", Motto, "--Broken=values");

        Assert.Equal(1, exitCode);
        Assert.Contains("'PASSWORD' of 'api': the secret parameter 'password'", errors);
        Assert.Contains("Not run because of that: deploy-aws.", errors);
        Assert.DoesNotContain(standIns.NpxCalls, c => c.Contains(" deploy ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_preflight_says_where_the_deployment_will_go()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, errors, output) = await standIns.EndAsync("preflight-aws", Motto);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains($"Account {StandIns.Account}, region us-east-2", output);
    }

    [Fact]
    public async Task A_missing_value_of_a_parameter_is_said_first()
    {
        await using var standIns = await StandIns.StartAsync();

        Assert.Contains("Parameter 'the-motto' has no value: set 'Parameters:the-motto'", await PreflightErrorAsync(standIns, motto: null));
        Assert.Empty(standIns.NpxCalls);
    }

    [Theory]
    [InlineData("node", "There is no 'node' on PATH (Node.js, on which the AWS CDK runs): install Node.js")]
    [InlineData("npx", "There is no 'npx' on PATH (npx, which fetches the AWS CDK's command; it comes with Node.js): install Node.js")]
    public async Task A_missing_program_is_named(string program, string said)
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Remove(program);

        Assert.Contains(said, await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task Publishing_needs_node_and_says_so()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Remove("node");

        var (exitCode, errors, _) = await standIns.EndAsync("publish");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Step 'publish-aws' failed: There is no 'node' on PATH", errors);
    }

    [Fact]
    public async Task A_command_that_cannot_be_fetched_says_what_npm_says()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Variables["NPX_UNREACHABLE"] = "yes";

        Assert.Contains("cannot be fetched ('npx aws-cdk@2.1148.1 --version' fails: npm error network request to the registry failed)", await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task A_missing_region_is_said()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Variables["AWS_REGION"] = "";

        Assert.Contains("There is no AWS region: set AWS_REGION", await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task Missing_credentials_are_said()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Variables["AWS_ACCESS_KEY_ID"] = "";
        standIns.Variables["AWS_SECRET_ACCESS_KEY"] = "";

        Assert.Contains("There are no AWS credentials: sign in", await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task Refused_credentials_are_said()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Identity = (HttpStatusCode.Forbidden,
            "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token is invalid.</Message></Error><RequestId>1</RequestId></ErrorResponse>");

        Assert.Contains("AWS refuses the credentials (InvalidClientTokenId: The security token is invalid.): sign in anew", await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task An_unreachable_AWS_is_said()
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Variables["AWS_ENDPOINT_URL_STS"] = "http://127.0.0.1:1";

        Assert.Contains("AWS does not say whose credentials these are", await PreflightErrorAsync(standIns));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"ParameterNotFound"}""", "is not prepared for the CDK in us-east-2: prepare it once with 'npx aws-cdk@2.1148.1 bootstrap aws://123456789012/us-east-2'")]
    [InlineData(HttpStatusCode.BadRequest, """{"__type":"AccessDeniedException","message":"You may not look."}""", "cannot be seen (You may not look): the credentials need ssm:GetParameter on /cdk-bootstrap/hnb659fds/version")]
    [InlineData(HttpStatusCode.OK, """{"Parameter":{"Value":"3"}}""", "is prepared for an earlier CDK in us-east-2 (version 3, 6 is needed)")]
    public async Task An_account_that_is_not_prepared_is_said(HttpStatusCode status, string body, string said)
    {
        await using var standIns = await StandIns.StartAsync();
        standIns.Bootstrap = (status, body);

        Assert.Contains(said, await PreflightErrorAsync(standIns));
    }

    [Fact]
    public async Task Nothing_is_removed_without_a_confirmation()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, errors, _) = await standIns.EndAsync("destroy");

        Assert.Equal(1, exitCode);
        Assert.Contains("Removing what 'aws' has deployed has to be confirmed, and there is nobody to ask: confirm it with --yes true.", errors);
        Assert.Empty(standIns.NpxCalls);
    }

    [Fact]
    public async Task A_confirmed_removal_names_the_stack_and_builds_nothing()
    {
        await using var standIns = await StandIns.StartAsync();

        var (exitCode, errors, output) = await standIns.EndAsync("destroy", "--yes", "true");

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Matches(@"^us-east-2\|--yes aws-cdk@\S+ destroy --all --app \S+ --force ", standIns.NpxCalls[^1]);
        Assert.Contains($"Removed stack 'CloudApp' from account {StandIns.Account} in us-east-2", output);
        Assert.DoesNotContain("build-api", output);
    }

    private static async Task<string> PreflightErrorAsync(StandIns standIns, string? motto = Motto)
    {
        var (exitCode, errors, _) = await standIns.EndAsync("preflight-aws", motto is null ? [] : [motto]);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("Step 'preflight-aws' failed: ", errors);
        Assert.DoesNotContain("   at ", errors);
        // One sentence, or one for each parameter.
        Assert.Single(errors.TrimEnd().Split('\n'));
        return errors;
    }
}
