using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Page;

/// <summary>What the page says and how it is made.</summary>
public sealed partial class PageTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static TheoryData<bool> Verdicts => [true, false];

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Every_flow_has_an_arrow_in_both_pictures_that_names_it_and_links_to_its_row(bool passing)
    {
        var report = passing ? Sample.Passing : Sample.Failing;
        var page = Read(Sample.Page(report));
        var pictures = page.Descendants(Svg + "svg").Where(picture => picture.Attribute("role") is not null).ToArray();
        Assert.Equal(2, pictures.Length);
        foreach (var picture in pictures)
        {
            var arrows = picture.Elements(Svg + "a").ToArray();
            Assert.Equal(report.Flows.Length, arrows.Length);
            foreach (var (flow, arrow) in report.Flows.Zip(arrows))
            {
                Assert.Equal($"flow {flow.State.ToString().ToLowerInvariant()}", arrow.Attribute("class")!.Value);
                var name = arrow.Attribute("aria-label")!.Value;
                Assert.Contains(TopologyDiagram.NameOf(flow.From, isSource: true), name, StringComparison.Ordinal);
                Assert.Contains(TopologyDiagram.NameOf(flow.To, isSource: false), name, StringComparison.Ordinal);
                Assert.Contains(flow.Ports, name, StringComparison.Ordinal);
                var row = Element(page, arrow.Attribute("href")!.Value[1..]);
                Assert.Equal("tr", row.Name.LocalName);
                Assert.All(flow.Evidence, evidence => Assert.Contains(evidence.Text, row.Value, StringComparison.Ordinal));
                Assert.All(flow.Problems, problem => Assert.Contains(problem.Fix, row.Value, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [InlineData(2, "Query and write MongoDB found by service discovery", "MongoDB wire protocol from the Lambda functions only")]
    [InlineData(3, "CloudWatch Logs, SSM Parameter Store, AWS APIs, external integrations")]
    [InlineData(4, "Package downloads during builds")]
    [InlineData(5, "Mount /data/db from EFS", "NFS from the MongoDB task only")]
    [InlineData(6, "CloudWatch Logs, ECS agent, ECR image pulls")]
    [InlineData(8, "DNS for image pulls, service discovery registration, log endpoints")]
    public void The_row_of_a_flow_gives_the_reason_of_each_of_its_rules_and_of_no_other(int flow, params string[] reasons)
    {
        var row = Element(Read(Sample.Page(Sample.Passing)), TopologyDiagram.Anchor(flow));
        Assert.Equal(reasons, row.Descendants().Where(element => element.Name.LocalName == "q").Select(element => element.Value));
    }

    [Fact]
    public void A_group_that_is_not_in_the_template_is_not_drawn()
    {
        var without = Mutate(resources => resources.Remove("EfsGroup"));
        Assert.Contains("class=\"group storage\"", Sample.Page(Sample.Passing), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"group storage\"", TopologyPage.Render(without, Sample.Failing, Sample.Facts), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_flow_needs_and_the_template_does_not_have_is_drawn_as_absent()
    {
        var without = Mutate(resources => resources.Remove("Service"));
        Assert.Contains("class=\"node absent\"", TopologyPage.Render(without, Sample.Failing, Sample.Facts), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"node absent\"", Sample.Page(Sample.Passing), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subnet_of_a_workload_that_is_public_is_drawn_in_alarm()
    {
        var exposed = Mutate(resources => resources["Extra"] = JsonNode.Parse(
            """{ "Type": "AWS::EC2::SubnetRouteTableAssociation", "Properties": { "RouteTableId": { "Ref": "PublicTable" }, "SubnetId": { "Ref": "Data2" } } }"""));
        Assert.Contains("class=\"subnet data alarm\"", TopologyPage.Render(exposed, Sample.Passing, Sample.Facts), StringComparison.Ordinal);
    }

    [Fact]
    public void The_matrix_says_who_may_open_what_to_whom()
    {
        var matrix = Read(Sample.Page(Sample.Passing)).Descendants("table").Single(table => table.Attribute("class")?.Value == "matrix");
        string[][] rows = [.. matrix.Descendants("tr").Select(row => row.Elements().Select(cell => string.Join('+', cell.DescendantNodes().OfType<XText>().Select(text => text.Value))).ToArray())];
        Assert.Equal(
            [
                ["from \\ to", "RVK-mongo-db-sg", "RVK-ecs-mongo-sg", "mongo-efs-sg", "any address (0.0.0.0/0)"],
                ["RVK-mongo-db-sg", "none", "TCP 27017", "none", "TCP 443+TCP 80"],
                ["RVK-ecs-mongo-sg", "none", "none", "TCP 2049", "TCP 443+TCP 80+UDP 53"],
                ["mongo-efs-sg", "none", "none", "none", "none"],
                ["any address (0.0.0.0/0)", "none", "none", "none", ""],
            ],
            rows);
    }

    [Theory]
    [InlineData("EfsFromMongo", "TCP 2049: out only, the rule in is missing")]
    [InlineData("MongoToEfs", "TCP 2049: in only, the rule out is missing")]
    public void The_matrix_names_the_half_of_a_pair_of_rules_that_is_missing(string rule, string expected)
        => Assert.Contains(expected, TopologyPage.Render(Mutate(resources => resources.Remove(rule)), Sample.Failing, Sample.Facts), StringComparison.Ordinal);

    [Fact]
    public void A_verdict_that_failed_names_everything_that_is_wrong_at_the_top()
    {
        var verdict = Read(Sample.Page(Sample.Failing)).Descendants("div").Single(element => element.Attribute("class")?.Value == "verdict failed");
        Assert.Equal("alert", verdict.Attribute("role")!.Value);
        Assert.Contains("do not deploy", verdict.Value, StringComparison.Ordinal);
        foreach (var problem in Sample.Failing.Checks.SelectMany(check => check.Problems).Concat(Sample.Failing.Flows.SelectMany(flow => flow.Problems)))
        {
            Assert.Contains(problem.What, verdict.Value, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Every_check_and_every_diagnosis_is_there_with_what_was_found(bool passing)
    {
        var report = passing ? Sample.Passing : Sample.Failing;
        var page = Read(Sample.Page(report));
        foreach (var check in report.Checks)
        {
            var row = Element(page, check.Id);
            Assert.Contains(check.Title, row.Value, StringComparison.Ordinal);
            Assert.Contains(check.Passed ? "✓" : "✗", row.Value, StringComparison.Ordinal);
            Assert.All(check.Evidence, evidence => Assert.Contains(evidence.LogicalId, row.Value, StringComparison.Ordinal));
            Assert.All(check.Problems, problem => Assert.Contains(problem.Fix, row.Value, StringComparison.Ordinal));
        }

        foreach (var diagnosis in report.Diagnoses)
        {
            var card = Element(page, diagnosis.Id);
            Assert.Contains(diagnosis.Symptom, card.Value, StringComparison.Ordinal);
            Assert.Equal(diagnosis.Causes.IsEmpty, card.Value.Contains("no cause in this template", StringComparison.Ordinal));
            Assert.All(diagnosis.Causes, cause => Assert.Contains(cause.Fix, card.Value, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("NAT gateway", "1")]
    [InlineData("Fargate task", "0.25 vCPU, 512 MB, 1 task; image public.ecr.aws/docker/library/mongo:8.0.13")]
    [InlineData("EFS file system", "bursting throughput, daily backups, TransitionToIA AFTER_30_DAYS")]
    [InlineData("Lambda function", "512 MB, at most 30 s a request, at most 200 at once, x86_64")]
    [InlineData("Log group", "1, kept 30 days")]
    [InlineData("/school-mgmt/vpc/id", "${Vpc}")]
    [InlineData("ApiUrl", "${Api.ApiEndpoint}")]
    [InlineData("AWS::EC2::Subnet", "5")]
    [InlineData("Aws:Region", "us-east-2")]
    public void Facts_are_those_of_the_template(string name, string value)
    {
        var row = Read(Sample.Page(Sample.Passing)).Descendants("tr").Single(row => row.Element("th")?.Value == name);
        Assert.Equal(value, row.Elements("td").First().Value);
    }

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Nothing_is_loaded_and_nothing_runs_but_the_script_that_the_policy_names(bool passing)
    {
        var text = Sample.Page(passing ? Sample.Passing : Sample.Failing);
        var page = Read(text);
        Assert.DoesNotMatch(Loading(), text.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "link" or "img" or "iframe" or "object" or "embed" or "base" or "form");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "style" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants().Attributes("href"), link => Assert.StartsWith("#", link.Value, StringComparison.Ordinal));

        var policy = page.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy").Attribute("content")!.Value;
        var (style, script) = (Between(text, "<style>", "</style>"), Between(text, "<script>", "</script>"));
        Assert.Equal($"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'", policy);
        Assert.Single(page.Descendants("script"));
    }

    [Fact]
    public void Every_link_leads_to_one_element_of_the_page()
    {
        var page = Read(Sample.Page(Sample.Failing));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Contains(link.Value[1..], ids));
        Assert.All(page.Descendants().Attributes("aria-labelledby").SelectMany(labels => labels.Value.Split(' ')), label => Assert.Contains(label, ids));
    }

    [Fact]
    public void Hostile_names_are_text()
    {
        const string Hostile = "</script></style></svg><script>alert(1)</script><img src=x onerror=alert(2)>\"'&]]>\u0000\u001b\ud800";
        var template = Mutate(resources =>
        {
            resources["Vpc"]!["Properties"]!["Tags"]![0]!["Value"] = Hostile;
            resources["LambdaGroup"]!["Properties"]!["GroupName"] = Hostile;
            resources["LambdaGroup"]!["Properties"]!["GroupDescription"] = Hostile;
            resources["LambdaToMongo"]!["Properties"]!["Description"] = Hostile;
            resources["VpcIdParameter"]!["Properties"]!["Name"] = Hostile;
            resources["Task"]!["Properties"]!["ContainerDefinitions"]![0]!["Image"] = Hostile;
            resources[Hostile.Replace("\ud800", "", StringComparison.Ordinal)] = JsonNode.Parse("""{ "Type": "Custom::<b>" }""");
        });
        var problem = new Problem(Hostile, Hostile, Hostile);
        var report = new VerificationReport(
            Hostile, false,
            [new("id", CheckKind.Checklist, Hostile, false, [new(Hostile, Hostile)], [problem])],
            [new(Hostile, Hostile, Hostile, Hostile, FlowState.Extra, [new(Hostile, Hostile)], [problem])],
            [new("symptom", Hostile, [problem], [new(Hostile, Hostile)])]);
        var page = Read(TopologyPage.Render(template, report, new TopologyPageFacts(Hostile, [new(Hostile, Hostile, Hostile)], [new(Hostile, Hostile)])));
        Assert.Single(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.Contains("alert(2)", Element(page, "id").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_the_same_each_time_and_in_every_culture()
    {
        var expected = Sample.Page(Sample.Failing);
        var before = CultureInfo.CurrentCulture;
        try
        {
            // Turkish has its own lower-case I, Swedish its own minus sign, and both write 0,25.
            foreach (var culture in (string[])["tr-TR", "sv-SE"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, Sample.Page(Sample.Failing));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_template_that_has_nothing_still_gives_a_page()
        => Read(TopologyPage.Render(Template.Parse("""{ "Resources": {} }""", "empty.json"), Sample.Failing, Sample.Facts));

    private static Template Mutate(Action<JsonObject> change)
    {
        var root = JsonNode.Parse(Sample.Json)!;
        change(root["Resources"]!.AsObject());
        return Template.Parse(root.ToJsonString(), Sample.Template.Name);
    }

    // The page is well-formed XML as well as HTML, so that it can be read without a browser; its script and style are not markup.
    private static XDocument Read(string page)
    {
        var markup = ScriptOrStyle().Replace(page, "<$1></$1>");
        using var reader = XmlReader.Create(new StringReader(markup), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static XElement Element(XDocument page, string id) => page.Descendants().Single(element => element.Attribute("id")?.Value == id);

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    [GeneratedRegex("https?://|url\\(|@import|file:|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();

    [GeneratedRegex("(?s)<(script|style)>.*?</\\1>")]
    private static partial Regex ScriptOrStyle();
}
