using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Verification;

/// <summary>Intrinsic functions are resolved as far as the template alone allows, and no further.</summary>
public class IntrinsicTests
{
    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("27017", "27017")]
    [InlineData("true", "true")]
    [InlineData("""{ "Ref": "WithDefault" }""", "10.0.0.0/16")]
    [InlineData("""{ "Ref": "WithoutDefault" }""", "${WithoutDefault}")]
    [InlineData("""{ "Ref": "OfSsm" }""", "${OfSsm}")]
    [InlineData("""{ "Ref": "List" }""", "[a, b]")]
    [InlineData("""{ "Ref": "AWS::Region" }""", "${AWS::Region}")]
    [InlineData("""{ "Ref": "Bucket" }""", "${Bucket}")]
    [InlineData("""{ "Fn::GetAtt": ["Bucket", "Arn"] }""", "${Bucket.Arn}")]
    [InlineData("""{ "Fn::GetAtt": "Bucket.Arn" }""", "${Bucket.Arn}")]
    [InlineData("""{ "Fn::GetAtt": ["Nested", "Outputs.Id"] }""", "${Nested.Outputs.Id}")]
    [InlineData("""{ "Fn::Join": ["-", ["a", { "Ref": "Bucket" }, "b", "c"]] }""", "a-${Bucket}-b-c")]
    [InlineData("""{ "Fn::Join": ["", ["a", "b"]] }""", "ab")]
    [InlineData("""{ "Fn::Join": [",", { "Ref": "List" }] }""", "a,b")]
    [InlineData("""{ "Fn::Sub": "x ${Bucket.Arn} ${!kept} ${WithDefault}" }""", "x ${Bucket.Arn} ${kept} 10.0.0.0/16")]
    [InlineData("""{ "Fn::Sub": ["${A}/${B}", { "A": "1", "B": { "Ref": "Bucket" } }] }""", "1/${Bucket}")]
    [InlineData("""{ "Fn::Sub": "${AWS::Region}${AWS::Partition}" }""", "${AWS::Region}${AWS::Partition}")]
    [InlineData("""{ "Fn::Select": [1, ["a", "b"]] }""", "b")]
    [InlineData("""{ "Fn::Select": ["0", { "Ref": "List" }] }""", "a")]
    [InlineData("""{ "Fn::Select": [0, { "Fn::Split": ["/", "a/b"] }] }""", "a")]
    [InlineData("""{ "Fn::Split": [",", { "Fn::Sub": "${Bucket},${Other}" }] }""", "[${Bucket}, ${Other}]")]
    [InlineData("""{ "Fn::FindInMap": ["Map", "Top", "Second"] }""", "found")]
    [InlineData("""{ "Fn::If": ["Yes", "a", "b"] }""", "a")]
    [InlineData("""{ "Fn::If": ["No", "a", "b"] }""", "b")]
    [InlineData("""{ "Fn::If": ["Combined", "a", "b"] }""", "a")]
    [InlineData("""{ "Fn::Cidr": ["10.0.0.0/16", 3, 8] }""", "[10.0.0.0/24, 10.0.1.0/24, 10.0.2.0/24]")]
    [InlineData("""{ "Fn::Cidr": [{ "Fn::GetAtt": ["Vpc", "CidrBlock"] }, 1, 4] }""", "[10.0.0.0/28]")]
    public void A_value_that_the_template_tells_is_resolved(string written, string expected) => Assert.Equal(expected, Resolve(written).ToString());

    [Theory]
    [InlineData("""{ "Fn::ImportValue": "x" }""")]
    [InlineData("""{ "Fn::GetAZs": "" }""")]
    [InlineData("""{ "Fn::Select": [0, { "Fn::GetAZs": "" }] }""")]
    [InlineData("""{ "Fn::Select": [7, ["a"]] }""")]
    [InlineData("""{ "Fn::Split": ["-", { "Ref": "Bucket" }] }""")]
    [InlineData("""{ "Fn::Split": ["-", { "Fn::Sub": "a-${Bucket}" }] }""")]
    [InlineData("""{ "Fn::FindInMap": ["Map", { "Ref": "AWS::Region" }, "Second"] }""")]
    [InlineData("""{ "Fn::Cidr": [{ "Ref": "WithoutDefault" }, 3, 8] }""")]
    [InlineData("""{ "Fn::Cidr": ["10.0.0.0/24", 300, 8] }""")]
    [InlineData("""{ "Fn::Transform": { "Name": "x" } }""")]
    [InlineData("""{ "Fn::Base64": "x" }""")]
    [InlineData("""{ "Fn::If": ["Undefined", "a", "b"] }""")]
    public void A_value_that_the_template_does_not_tell_stays_unknown(string written)
    {
        var value = Resolve(written);

        Assert.IsType<Opaque>(value);
        Assert.Null(value.AsText);
        Assert.Equal(value.ToString(), Resolve(written).ToString());
    }

    [Fact]
    public void A_property_without_value_is_not_there() =>
        Assert.Equal("{A: 1}", Resolve("""{ "A": 1, "B": { "Ref": "AWS::NoValue" }, "C": { "Fn::If": ["Yes", { "Ref": "AWS::NoValue" }, 1] } }""").ToString());

    [Fact]
    public void What_an_unknown_value_is_made_of_is_known() => Assert.True(Resolve("""{ "Fn::Split": ["-", { "Ref": "Bucket" }] }""").Mentions("Bucket"));

    [Fact]
    public void Open_comparisons_give_a_world_each_way()
    {
        var template = Template.Parse("""
            {
              "Conditions": {
                "A": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "us-east-2"] },
                "NotA": { "Fn::Not": [{ "Condition": "A" }] },
                "B": { "Fn::And": [{ "Condition": "NotA" }, { "Fn::Equals": ["x", "x"] }] }
              },
              "Resources": { "OnA": { "Type": "T", "Condition": "A" }, "OnB": { "Type": "T", "Condition": "B" }, "Always": { "Type": "T" } }
            }
            """, "t");

        Assert.Equal(["OnA,Always", "OnB,Always"], template.Worlds.All.Select(world => string.Join(',', world.Resources.Select(resource => resource.Id))));
        Assert.Empty(template.Worlds.Unexplored);
    }

    [Fact]
    public void Too_many_open_comparisons_are_said()
    {
        var conditions = string.Join(',', Enumerable.Range(0, 9).Select(index => $$"""  "C{{index}}": { "Fn::Equals": [{ "Ref": "AWS::Region" }, "r{{index}}"] } """));
        var resources = string.Join(',', Enumerable.Range(0, 9).Select(index => $$""" "R{{index}}": { "Type": "T", "Condition": "C{{index}}" } """));
        var template = Template.Parse($$"""{ "Conditions": { {{conditions}} }, "Resources": { {{resources}} } }""", "t");

        Assert.Equal(64, template.Worlds.All.Length);
        Assert.Equal(3, template.Worlds.Unexplored.Length);
        Assert.Contains(Verifier.Verify(template, new()).Checks.Single(check => check.Id == "resolved").Problems, problem => problem.What.Contains("r8", StringComparison.Ordinal));
    }

    [Fact]
    public void Conditions_in_a_circle_are_unknown() => Assert.Equal("a", Template.Parse("""
        { "Conditions": { "A": { "Condition": "B" }, "B": { "Condition": "A" } }, "Resources": { "R": { "Type": "T", "Condition": "A", "Properties": { "P": "a" } } } }
        """, "t").Resources[0].Text("P"));

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("Resources:\n  A: 1", "is not JSON")]
    [InlineData("[]", "no object \"Resources\"")]
    [InlineData("{}", "no object \"Resources\"")]
    [InlineData("""{ "Resources": { "A": {} } }""", "The resource A of t has no \"Type\"")]
    [InlineData("""{ "Resources": { "Fn::ForEach::Loop": ["I", [], {}] } }""", "expand Fn::ForEach")]
    [InlineData("""{ "Resources": { "A": { "Type": "T" }, "A": { "Type": "T" } } }""", "is not JSON")]
    public void What_is_no_template_is_one_clear_error(string json, string expected) =>
        Assert.Contains(expected, Assert.Throws<TemplateException>(() => Template.Parse(json, "t")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_not_there_is_one_clear_error() => Assert.Contains("cannot be read", Assert.Throws<TemplateException>(() => Template.Load("/nowhere/t.json")).Message, StringComparison.Ordinal);

    private static Value Resolve(string written) => Template.Parse($$"""
        {
          "Parameters": {
            "WithDefault": { "Type": "String", "Default": "10.0.0.0/16" }, "WithoutDefault": { "Type": "String" },
            "OfSsm": { "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/name" }, "List": { "Type": "CommaDelimitedList", "Default": "a, b" }
          },
          "Mappings": { "Map": { "Top": { "Second": "found" } } },
          "Conditions": {
            "Yes": { "Fn::Equals": ["a", "a"] }, "No": { "Fn::Equals": [{ "Ref": "WithDefault" }, "x"] },
            "Combined": { "Fn::And": [{ "Condition": "Yes" }, { "Fn::Or": [{ "Condition": "No" }, { "Fn::Not": [{ "Condition": "No" }] }] }] }
          },
          "Resources": { "Vpc": { "Type": "AWS::EC2::VPC", "Properties": { "CidrBlock": { "Ref": "WithDefault" } } }, "R": { "Type": "T", "Properties": { "P": {{written}} } } }
        }
        """, "t").Resources[1].At("P")!;
}
