using System.Text.RegularExpressions;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The handshake: every rule of the three groups, both ways, and no other.</summary>
public sealed class SecurityRuleTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    private const string Lambda = Landmarks.LambdaGroup;
    private const string Mongo = Landmarks.MongoGroup;
    private const string Efs = Landmarks.FileSystemGroup;
    private const string Anywhere = Landmarks.AnyAddress;
    private const string In = nameof(RuleDirection.In);
    private const string Out = nameof(RuleDirection.Out);

    /// <summary>Group, direction, protocol and port, peer, and the words its description has to have ("/" separates alternatives).</summary>
    public static TheoryData<string, string, string, string, string[]> Rules => new()
    {
        { Lambda, Out, "tcp 27017", Mongo, ["query", "write", "MongoDB", "service discovery"] },
        { Lambda, Out, "tcp 443", Anywhere, ["CloudWatch Logs", "SSM Parameter Store", "AWS APIs", "external integrations"] },
        { Lambda, Out, "tcp 80", Anywhere, ["package downloads", "builds"] },
        { Mongo, In, "tcp 27017", Lambda, ["only", "API/Lambda"] },
        { Mongo, Out, "tcp 2049", Efs, ["mount", "/data/db"] },
        { Mongo, Out, "tcp 443", Anywhere, ["CloudWatch Logs", "ECS agent", "ECR", "image pulls"] },
        { Mongo, Out, "tcp 80", Anywhere, ["image pulls"] },
        { Mongo, Out, "udp 53", Anywhere, ["DNS", "image pulls", "service discovery registration", "log endpoints"] },
        { Efs, In, "tcp 2049", Mongo, ["only", "MongoDB"] },
    };

    public static TheoryData<string> Groups => [Lambda, Mongo, Efs];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_of_the_handshake_is_there_once(string group, string direction, string ports, string peer, string[] words)
    {
        var rule = Assert.Single(SecurityRule.In(Template), r => (r.Group, r.Direction.ToString(), r.Ports, r.Peer) == (group, direction, ports, peer));

        Assert.NotEmpty(words);
        Assert.True(!rule.NamesGroup || rule.IsOwnResource, $"{rule.Path}: a rule between groups inside a group makes the groups need each other first.");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_rule_says_why_it_exists(string group, string direction, string ports, string peer, string[] words)
    {
        var rule = SecurityRule.In(Template).First(r => (r.Group, r.Direction.ToString(), r.Ports, r.Peer) == (group, direction, ports, peer));
        var description = Words(rule.Description);

        Assert.All(words, word => Assert.True(
            word[0] == '/' ? rule.Description.Contains(word, StringComparison.Ordinal) : word.Split('/').Any(w => Regex.IsMatch(description, $@"\b{Regex.Escape(Words(w))}\b", RegexOptions.IgnoreCase)),
            $"The description of \"{rule}\" does not speak of \"{word}\": {rule.Description}"));
    }

    [Fact]
    public void There_is_no_other_rule()
        => Assert.Equal(Specified(), SecurityRule.In(Template).Where(r => !r.PermitsNothing).Select(r => r.ToString()).Order());

    [Fact]
    public async Task Without_plain_http_everything_is_as_before_but_port_80()
    {
        var template = await WithoutHttpAsync();

        Assert.Equal(Specified().Where(rule => !rule.Contains(" tcp 80 ", StringComparison.Ordinal)), SecurityRule.In(template).Where(r => !r.PermitsNothing).Select(r => r.ToString()).Order());
    }

    [Fact]
    public void Nothing_may_leave_the_file_system_and_that_is_written_down()
    {
        var rule = Assert.Single(SecurityRule.In(Template), r => r.Group == Efs && r.Direction == RuleDirection.Out);

        Assert.True(rule.PermitsNothing, $"\"{rule}\" permits something.");
        Assert.False(rule.Ports.StartsWith("-1", StringComparison.Ordinal), "No rule is for all protocols.");
    }

    [Theory]
    [MemberData(nameof(Groups))]
    public void Only_the_file_system_needs_a_rule_that_permits_nothing(string group)
        => Assert.Equal(group == Efs ? 1 : 0, SecurityRule.In(Template).Count(r => r.Group == group && r.PermitsNothing));

    [Theory]
    [MemberData(nameof(Groups))]
    public void No_rule_is_for_all_protocols_or_a_range_of_ports(string group)
        => Assert.All(SecurityRule.In(Template).Where(r => r.Group == group && !r.PermitsNothing), r => Assert.Matches(@"^(tcp|udp) \d+$", r.Ports));

    [Theory]
    [MemberData(nameof(Groups))]
    public void Nobody_comes_in_by_address(string group)
        => Assert.All(SecurityRule.In(Template).Where(r => r.Group == group && r.Direction == RuleDirection.In), r => Assert.True(r.NamesGroup, $"{r}: {r.Path}"));

    [Theory]
    [MemberData(nameof(Groups))]
    public void Every_rule_has_a_description_that_EC2_takes(string group)
        => Assert.All(SecurityRule.In(Template).Where(r => r.Group == group), r => Assert.True(
            SecurityDescription.IsValidForRule(r.Description, r.NamesGroup), $"{r.Path}: EC2 refuses the description '{r.Description}' of \"{r}\"."));

    [Fact]
    public void Every_rule_belongs_to_one_of_the_three_groups()
        => Assert.All(SecurityRule.In(Template), r => Assert.Contains(r.Group, (string[])[Lambda, Mongo, Efs]));

    [Fact]
    public void Every_rule_between_groups_has_its_mirror()
    {
        var between = SecurityRule.In(Template).Where(r => r.NamesGroup).ToArray();

        Assert.NotEmpty(between);
        Assert.All(between, r => Assert.Single(between, m => m.Group == r.Peer && m.Peer == r.Group && m.Ports == r.Ports && m.Direction != r.Direction));
    }

    private static IEnumerable<string> Specified()
        => Rules.Select(row => row.Data).Select(row => $"{row.Item1} {row.Item2} {row.Item3} {row.Item4}").Order();

    // "service-discovery registration" says the same as "service discovery registration".
    private static string Words(string text) => text.Replace('-', ' ');
}
