using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RvkApp.Tests.Topology;

/// <summary>What CloudFormation would refuse, or should never see.</summary>
public partial class TemplateIntegrityTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        foreach (var template in new[] { await topology.DefaultAsync(), await topology.OtherAsync() })
        {
            var known = template.Resources.Select(resource => resource.Id).Concat(Keys(template.Root["Parameters"])).ToHashSet();

            Assert.All(References(template.Root), reference => Assert.True(reference.StartsWith("AWS::", StringComparison.Ordinal) || known.Contains(reference), $"nothing has the id {reference}"));
        }
    }

    [Fact]
    public async Task Nothing_waits_for_itself()
    {
        var template = await topology.DefaultAsync();
        var needs = template.Resources.ToDictionary(resource => resource.Id, resource => References(resource.Node).Where(id => !id.StartsWith("AWS::", StringComparison.Ordinal)).ToHashSet());
        var made = new HashSet<string>(Keys(template.Root["Parameters"]));
        while (needs.Where(need => !made.Contains(need.Key) && need.Value.IsSubsetOf(made)).Select(need => need.Key).ToArray() is { Length: > 0 } ready)
        {
            made.UnionWith(ready);
        }

        Assert.Empty(needs.Keys.Except(made));
    }

    [Fact]
    public async Task The_template_is_within_the_quotas_of_cloudformation()
    {
        var template = await topology.OtherAsync();

        Assert.InRange(Encoding.UTF8.GetByteCount(template.Json), 1, 1_000_000);
        Assert.InRange(template.Resources.Count, 1, 499);
        Assert.InRange(Keys(template.Root["Outputs"]).Count(), 1, 200);
    }

    [Fact]
    public async Task Nothing_names_an_account_a_region_or_a_zone()
    {
        var template = await topology.DefaultAsync();

        Assert.DoesNotMatch(AccountId(), template.Json);
        Assert.DoesNotMatch(RegionName(), template.Json);
    }

    [Fact]
    public async Task Everything_that_takes_tags_belongs_to_the_project_and_its_environment()
    {
        var template = await topology.DefaultAsync();
        // These have no tags in CloudFormation; what they belong to has.
        string[] untaggable =
        [
            "ApiGatewayV2::Integration", "ApiGatewayV2::Route", "EC2::Route", "EC2::SecurityGroupEgress", "EC2::SecurityGroupIngress", "EC2::SubnetRouteTableAssociation",
            "EC2::VPCGatewayAttachment", "EFS::MountTarget", "IAM::Policy", "Lambda::Permission", "Logs::MetricFilter", "S3::BucketPolicy", "SNS::TopicPolicy",
        ];

        Assert.All(template.Resources.Where(resource => resource.Type.StartsWith("AWS::", StringComparison.Ordinal) && !untaggable.Contains(resource.Type[5..])), resource =>
        {
            Assert.True(resource.Tags.TryGetValue("Project", out var project) && project == "rvk-school-mgmt", $"{resource.Id} ({resource.Type}) has no tag Project");
            Assert.Equal("production", resource.Tags["Environment"]);
        });
    }

    [Fact]
    public async Task The_same_options_give_the_same_template()
        => Assert.Equal((await topology.DefaultAsync()).Json, await Synthesis.RunAsync(new()));

    /// <summary>The ids that Ref, Fn::GetAtt, Fn::Sub and DependsOn name.</summary>
    private static IEnumerable<string> References(JsonNode node)
    {
        foreach (var (path, value) in CloudTemplate.Walk(node))
        {
            // A key policy and the like may have words that look like calls; these four do not occur in any.
            switch (path[(path.LastIndexOf('.') + 1)..], value)
            {
                case ("Ref", JsonValue id):
                    yield return id.GetValue<string>();
                    break;
                case ("Fn::GetAtt", JsonArray attribute):
                    yield return attribute[0]!.GetValue<string>();
                    break;
                case ("Fn::Sub", JsonValue text) when text.GetValueKind() == JsonValueKind.String:
                    foreach (Match match in Placeholder().Matches(text.GetValue<string>()))
                    {
                        yield return match.Groups[1].Value.Split('.')[0];
                    }

                    break;
                case ("DependsOn", _):
                    foreach (var id in CloudTemplate.Texts(value))
                    {
                        yield return id;
                    }

                    break;
            }
        }
    }

    private static IEnumerable<string> Keys(JsonNode? node) => node?.AsObject().Select(entry => entry.Key) ?? [];

    [GeneratedRegex(@"\$\{([A-Za-z0-9:.]+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<![0-9a-f])[0-9]{12}(?![0-9a-f])")]
    private static partial Regex AccountId();

    [GeneratedRegex(@"\b(us|eu|ap|sa|ca|me|af|il)-(gov-)?(north|south|east|west|central|northeast|southeast|northwest|southwest)-[0-9]")]
    private static partial Regex RegionName();
}
