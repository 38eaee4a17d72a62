using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>The reader that the other tests trust, on templates small enough to see what is right.</summary>
public sealed class TemplateReaderTests
{
    [Theory]
    [InlineData("""{ "Ref": "A" }""", "${A}")]
    [InlineData("""{ "Fn::GetAtt": ["A", "Arn"] }""", "${A.Arn}")]
    [InlineData("""{ "Fn::GetAtt": "A.Arn" }""", "${A.Arn}")]
    [InlineData("""{ "Fn::Join": ["-", ["x", { "Ref": "A" }, 1]] }""", "x-${A}-1")]
    [InlineData("""{ "Fn::Sub": "x ${A.Arn} ${!Literal}" }""", "x ${A.Arn} ${!Literal}")]
    [InlineData("""{ "Fn::Sub": ["${Name}/${A}", { "Name": { "Ref": "B" } }] }""", "${B}/${A}")]
    [InlineData("""{ "Fn::Select": [1, ["x", "y"]] }""", "y")]
    [InlineData("""{ "Fn::GetAZs": "" }""", "zones of the region")]
    [InlineData("""{ "Fn::GetAZs": { "Ref": "AWS::Region" } }""", "zones of the region")]
    [InlineData("true", "true")]
    [InlineData("256", "256")]
    public void A_value_is_read_as_text_with_placeholders(string json, string text) => Assert.Equal(text, With(json).Resources["A"]["P"].Text);

    [Theory]
    [InlineData("""{ "Ref": "B" }""", "B")]
    [InlineData("""{ "Fn::GetAtt": ["B", "Arn"] }""", "B")]
    [InlineData("""[{ "Ref": "B" }, { "x": { "Ref": "C" } }, { "Ref": "B" }]""", "B,C")]
    [InlineData("""{ "Fn::Join": ["", ["a", { "Ref": "C" }, { "Fn::Sub": "${B.Arn}" }]] }""", "C,B")]
    [InlineData("""{ "Fn::Sub": ["${X}${AWS::Region}", { "X": { "Ref": "B" } }] }""", "B")]
    [InlineData("\"B\"", "")]
    public void References_are_followed_wherever_they_are(string json, string targets)
        => Assert.Equal(targets, string.Join(',', With(json).Resources["A"]["P"].Targets.Select(r => r.LogicalId)));

    [Theory]
    [InlineData("""{ "Ref": "Nothing" }""", "A.Properties.P: Ref Nothing")]
    [InlineData("""{ "Fn::GetAtt": ["Nothing", "Arn"] }""", "A.Properties.P: GetAtt Nothing")]
    [InlineData("""{ "Fn::GetAtt": ["Given", "Arn"] }""", "A.Properties.P: GetAtt Given")]
    [InlineData("""{ "x": { "Fn::Sub": "${Nothing.Arn} ${!Nothing}" } }""", "A.Properties.P.x.Fn::Sub: Sub Nothing")]
    [InlineData("""{ "Fn::If": ["Never", "a", "b"] }""", "A.Properties.P: Condition Never")]
    public void A_name_that_leads_nowhere_is_found(string json, string problem) => Assert.Equal([problem], TemplateIntegrity.Dangling(With(json)));

    [Theory]
    [InlineData("\"DependsOn\": \"Nothing\"", "B: DependsOn Nothing")]
    [InlineData("\"DependsOn\": [\"A\", \"Nothing\"]", "B: DependsOn Nothing")]
    [InlineData("\"Condition\": \"Never\"", "B: Condition Never")]
    public void A_dependency_or_condition_that_leads_nowhere_is_found(string member, string problem)
        => Assert.Equal([problem], TemplateIntegrity.Dangling(With("1", member)));

    [Theory]
    [InlineData("""{ "Ref": "Given" }""")]
    [InlineData("""{ "Fn::Sub": "${AWS::StackName} ${Given} ${B}" }""")]
    [InlineData("""{ "Fn::If": ["Always", { "Ref": "B" }, { "Ref": "AWS::NoValue" }] }""")]
    public void A_name_that_leads_somewhere_is_left_alone(string json) => Assert.Empty(TemplateIntegrity.Dangling(With(json)));

    [Theory]
    [InlineData("""{ "Ref": "B" }""", "\"DependsOn\": \"A\"")]
    [InlineData("""{ "Fn::Sub": "${B}" }""", "\"Properties\": { \"x\": [{ \"Fn::GetAtt\": [\"A\", \"Arn\"] }] }")]
    public void A_circle_is_found(string json, string member) => Assert.Equal(["A", "B", "A"], TemplateIntegrity.Cycle(With(json, member)));

    [Fact]
    public void Without_a_circle_none_is_found() => Assert.Empty(TemplateIntegrity.Cycle(With("""{ "Ref": "B" }""", "\"DependsOn\": \"C\"")));

    [Fact]
    public void A_rule_reads_the_same_inside_its_group_and_on_its_own()
    {
        var template = PublishedTemplate.Parse("""
            { "Resources": {
              "G": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupName": "g", "SecurityGroupIngress": [
                { "IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "SourceSecurityGroupId": { "Fn::GetAtt": ["H", "GroupId"] }, "Description": "d" } ] } },
              "H": { "Type": "AWS::EC2::SecurityGroup", "Properties": { "GroupName": "h" } },
              "R": { "Type": "AWS::EC2::SecurityGroupEgress", "Properties": { "GroupId": { "Fn::GetAtt": ["H", "GroupId"] }, "IpProtocol": "-1", "CidrIp": "0.0.0.0/0" } },
              "S": { "Type": "AWS::EC2::SecurityGroupIngress", "Properties": { "GroupId": { "Ref": "G" }, "IpProtocol": "tcp", "FromPort": "1", "ToPort": "2", "SourceSecurityGroupId": { "Ref": "H" } } } } }
            """);

        Assert.Equal(["g In tcp 1 h", "g In tcp 1-2 h", "h Out -1 all ports 0.0.0.0/0"], SecurityRule.In(template).Select(r => r.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Mount /data/db (NFS)", true, true)]
    [InlineData("a & b", false, true)]
    [InlineData("a & b", true, false)]
    [InlineData("it's", false, false)]
    [InlineData("", false, false)]
    [InlineData("line\n", false, false)]
    public void A_description_is_judged_as_EC2_does(string text, bool namesGroup, bool valid) => Assert.Equal(valid, SecurityDescription.IsValidForRule(text, namesGroup));

    [Fact]
    public void A_description_has_at_most_255_characters()
    {
        Assert.True(SecurityDescription.IsValidForGroup(new string('a', 255)));
        Assert.False(SecurityDescription.IsValidForGroup(new string('a', 256)));
    }

    private static PublishedTemplate With(string property, string member = "\"Metadata\": {}") => PublishedTemplate.Parse($$"""
        { "Parameters": { "Given": { "Type": "String" } }, "Conditions": { "Always": { "Fn::Equals": ["a", "a"] } },
          "Resources": { "A": { "Type": "Custom::A", "Properties": { "P": {{property}} } }, "B": { "Type": "Custom::B", {{member}} }, "C": { "Type": "Custom::C" } } }
        """);
}
