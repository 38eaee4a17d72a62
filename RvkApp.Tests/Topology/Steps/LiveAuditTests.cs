using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Web;
using Amazon.EC2;
using Amazon.Runtime;
using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RvkApp.AppHost.Topology.LiveAudit;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology.Steps;

/// <summary>The audit against a stand-in for EC2's query API on loopback, through the real SDK.</summary>
public class LiveAuditTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task An_account_as_declared_has_no_drift()
    {
        var declared = await DeclaredAsync();

        Assert.Equal(3, declared.Length);
        Assert.Empty(Drift.Find(declared, await AskAsync(declared)));
    }

    [Fact]
    public async Task Each_difference_is_listed_with_what_to_do()
    {
        var declared = await DeclaredAsync();
        var mongo = declared.Single(group => group.Name == "RVK-ecs-mongo-sg");
        var open = new AuditedRule(IsEgress: false, "tcp", 27017, 27017, "0.0.0.0/0", "for a test");
        var changed = mongo with
        {
            Rules = [.. mongo.Rules.Where(rule => rule.To != 2049).Select(rule => rule.To == 53 ? rule with { Description = "DNS" } : rule), open],
            Tags = mongo.Tags.Remove("Tier"),
        };
        ImmutableArray<AuditedGroup> live =
        [
            declared.Single(group => group.Name == "RVK-mongo-db-sg"),
            changed,
            new("by-hand", "made by hand", ImmutableSortedDictionary<string, string>.Empty, []),
            new("default", "default VPC security group", ImmutableSortedDictionary<string, string>.Empty, [new AuditedRule(IsEgress: true, "-1", -1, -1, "0.0.0.0/0", "")]),
        ];

        var drifts = Drift.Find(declared, await AskAsync(live));

        Assert.Equal(
            [
                "RVK-ecs-mongo-sg: the rule has the description 'DNS' instead of 'DNS for image pulls, service discovery registration, log endpoints': out: UDP 53 to 0.0.0.0/0",
                "RVK-ecs-mongo-sg: the rule is missing: out: TCP 2049 to mongo-efs-sg",
                "RVK-ecs-mongo-sg: the rule is not in the template: in: TCP 27017 from 0.0.0.0/0 ('for a test')",
                "RVK-ecs-mongo-sg: the tag Tier is missing instead of 'Data'",
                "by-hand: no template knows this group",
                "default: the default group has a rule (out: everything to 0.0.0.0/0)",
                "mongo-efs-sg: the group does not exist",
            ],
            drifts.Select(drift => $"{drift.Group}: {drift.What}").Order(StringComparer.Ordinal));
        Assert.All(drifts, drift => Assert.NotEmpty(drift.Fix));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_account_without_exactly_one_deployment_is_refused(int vpcs)
    {
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => AskAsync([], vpcs));

        Assert.Contains($"{vpcs} VPCs in us-east-2", error.Message, StringComparison.Ordinal);
        Assert.Contains("Aws:Region", error.Message, StringComparison.Ordinal);
    }

    private async Task<ImmutableArray<AuditedGroup>> DeclaredAsync()
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory["t.json"], (await topology.DefaultAsync()).Json, TestContext.Current.CancellationToken);
        return TemplateGroups.Read(directory["t.json"]);
    }

    private static async Task<ImmutableArray<AuditedGroup>> AskAsync(ImmutableArray<AuditedGroup> live, int vpcs = 1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var server = builder.Build();
        server.MapPost("/", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            return Results.Text(Answer(form["Action"].ToString(), live, vpcs), "text/xml", Encoding.UTF8);
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        using var client = new AmazonEC2Client(new BasicAWSCredentials("key", "secret"), new AmazonEC2Config { ServiceURL = server.Urls.Single(), AuthenticationRegion = "us-east-2", MaxErrorRetry = 0 });
        return await LiveGroups.ReadAsync(client, "us-east-2", TestContext.Current.CancellationToken);
    }

    // The query API's answers: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
    private static string Answer(string action, ImmutableArray<AuditedGroup> groups, int vpcs)
    {
        string Id(string name) => $"sg-{Math.Max(0, groups.ToList().FindIndex(group => group.Name == name)):x17}";
        var body = action switch
        {
            "DescribeVpcs" => Set("vpcSet", Enumerable.Range(0, vpcs).Select(number => $"<vpcId>vpc-{number:x17}</vpcId>")),
            "DescribeSecurityGroups" => Set("securityGroupInfo", groups.Select(group =>
                $"<groupId>{Id(group.Name)}</groupId><groupName>{group.Name}</groupName><groupDescription>{group.Description}</groupDescription>{Set("tagSet", group.Tags.Select(tag => $"<key>{tag.Key}</key><value>{tag.Value}</value>"))}")),
            "DescribeSecurityGroupRules" => Set("securityGroupRuleSet", groups.SelectMany(group => group.Rules.Select(rule =>
                $"<groupId>{Id(group.Name)}</groupId><isEgress>{(rule.IsEgress ? "true" : "false")}</isEgress><ipProtocol>{rule.Protocol}</ipProtocol><fromPort>{rule.From}</fromPort><toPort>{rule.To}</toPort>"
                + $"{(rule.Peer.Contains('/', StringComparison.Ordinal) ? $"<cidrIpv4>{rule.Peer}</cidrIpv4>" : $"<referencedGroupInfo><groupId>{PeerId(rule.Peer)}</groupId></referencedGroupInfo>")}<description>{HttpUtility.HtmlEncode(rule.Description)}</description>"))),
            _ => throw new InvalidOperationException(action),
        };
        return $"<{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r</requestId>{body}</{action}Response>";

        string PeerId(string name) => groups.Any(group => group.Name == name) ? Id(name) : name;
    }

    private static string Set(string name, IEnumerable<string> items) => $"<{name}>{string.Concat(items.Select(item => $"<item>{item}</item>"))}</{name}>";
}
