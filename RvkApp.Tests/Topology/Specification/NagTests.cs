namespace RvkApp.Tests.Topology.Specification;

/// <summary>The check of eng/cdk-nag, with its packages installed.</summary>
public sealed class NagCheck() : NodeCheck("cdk-nag");

/// <summary>cdk-nag's AwsSolutions rules find nothing that is not accepted with a reason, and the check of that can fail.</summary>
public sealed class NagTests(SynthesizedTopology topology, NagCheck check) : TopologyTest(topology), IClassFixture<NagCheck>
{
    [Fact]
    public async Task Nothing_is_found_that_is_not_accepted()
    {
        var (exitCode, lines) = await check.CheckAsync(Template.Text);
        Assert.True(exitCode == 0, lines);
        Assert.Matches(@"\n\d+ resources, 0 errors, 0 warnings, \d+ accepted\n", "\n" + lines);
    }

    [Fact]
    public void Every_acceptance_gives_its_reason()
        => Assert.All(
            Template.Resources.Values.SelectMany(r => r.All["Metadata"]["cdk_nag"]["rules_to_suppress"].Items),
            a => Assert.True(a["reason"].Text.Length >= 20, $"{a.Path} gives no reason: {a}"));

    [Fact]
    public async Task An_open_group_is_found_unless_it_is_accepted_and_an_acceptance_that_nothing_needs_is_found()
    {
        var result = await check.CheckAsync($$"""
            { "Resources": { "Open": {{OpenGroup()}}, "Accepted": {{OpenGroup("AwsSolutions-EC23")}}, "Stale": {{OpenGroup("AwsSolutions-EC23", "AwsSolutions-S1")}} } }
            """);

        Assert.Equal(1, result.ExitCode);
        Assert.Single(result.Lines, line => line.StartsWith("Error AwsSolutions-EC23", StringComparison.Ordinal) && line.Contains(" Open: ", StringComparison.Ordinal));
        Assert.Contains("Error AwsSolutions-S1 Stale: is accepted, and there is no such finding", result.Lines);
        Assert.Contains("3 resources, 2 errors, 0 warnings, 2 accepted", result.Lines);
    }

    [Fact]
    public async Task What_is_no_template_is_told_apart_from_a_finding() => Assert.Equal(2, (await check.CheckAsync("{}")).ExitCode);

    private static string OpenGroup(params string[] accepted) => $$"""
        {
          "Type": "AWS::EC2::SecurityGroup",
          "Properties": { "GroupDescription": "Open to the world", "SecurityGroupIngress": [{ "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0", "Description": "x" }] },
          "Metadata": { "cdk_nag": { "rules_to_suppress": [{{string.Join(',', accepted.Select(rule => $$"""{ "id": "{{rule}}", "reason": "A test accepts it" }"""))}}] } }
        }
        """;
}
