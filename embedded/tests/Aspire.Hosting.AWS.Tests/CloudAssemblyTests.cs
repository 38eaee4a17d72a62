using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.AWS.Tests;

public class CloudAssemblyTests(PublishedCloudApp published)
{
    [Fact]
    public void The_output_is_a_cloud_assembly_and_nothing_old()
    {
        string[] files = [.. Directory.EnumerateFileSystemEntries(published.Assembly, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(published.Assembly, f))];

        Assert.Equal(["CloudApp.assets.json", "CloudApp.template.json", "cdk.out", "manifest.json"], files.Where(f => !f.StartsWith("asset.", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(2, files.Count(f => f.StartsWith("asset.", StringComparison.Ordinal) && f.EndsWith(".zip", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_publishes_are_the_same_byte_for_byte()
    {
        string[] files = [.. Directory.EnumerateFiles(published.Assembly).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

        Assert.Equal(files, Directory.EnumerateFiles(published.Second).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));
        Assert.All(files, f => Assert.Equal(File.ReadAllBytes(Path.Combine(published.Assembly, f)), File.ReadAllBytes(Path.Combine(published.Second, f))));
    }

    [Fact]
    public void Nothing_of_this_machine_is_in_the_output()
    {
        string[] tellTale =
        [
            Path.GetTempPath().TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, AppContext.BaseDirectory, Environment.CurrentDirectory,
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "."), Environment.MachineName,
        ];

        foreach (var file in Directory.EnumerateFiles(published.Assembly).Where(f => !f.EndsWith(".zip", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            Assert.All(tellTale.Select(t => t.TrimEnd('.')).Where(t => t.Length > 3), t => Assert.DoesNotContain(t, text));
            Assert.DoesNotMatch(@"\b\d{12}\b", text);
        }
    }

    [Fact]
    public void The_stack_names_no_account_and_no_region()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(published.Assembly, "manifest.json")))!;

        Assert.Equal("aws://unknown-account/unknown-region", (string?)manifest["artifacts"]!["CloudApp"]!["environment"]);
    }

    [Fact]
    public void A_function_has_the_defaults_and_what_its_callback_says()
    {
        var properties = published.PropertiesOf("AWS::Lambda::Function", "Functionapi");

        Assert.Equal(512, (int)properties["MemorySize"]!);
        Assert.Equal(30, (int)properties["Timeout"]!);
        Assert.Equal("dotnet10", (string?)properties["Runtime"]);
        Assert.Equal("bootstrap", (string?)properties["Handler"]);
        Assert.Equal("The API", (string?)properties["Description"]);
        Assert.Equal("SmallApp.Web", (string?)published.PropertiesOf("AWS::Lambda::Function", "Functionworker")["Handler"]);
    }

    [Fact]
    public void Variables_are_plain_texts_references_of_the_stack_and_parameters()
    {
        var variables = published.PropertiesOf("AWS::Lambda::Function", "Functionapi")["Environment"]!["Variables"]!.AsObject();

        Assert.Equal("as it is", (string?)variables["PLAIN"]);
        Assert.Equal("Paramgreeting", (string?)variables["GREETING"]!["Ref"]);
        Assert.Equal("Paramthemotto", (string?)variables["MOTTO"]!["Ref"]);
        Assert.StartsWith("Topic", (string?)variables["TOPIC"]!["Ref"]);
        Assert.Equal("a plain value in place of what has no meaning", (string?)variables["COVERED"]);
    }

    [Fact]
    public void Only_a_default_that_the_model_publishes_is_in_the_template()
    {
        var parameters = published.Template["Parameters"]!.AsObject();

        Assert.Equal("hello", (string?)parameters["Paramgreeting"]!["Default"]);
        Assert.Null(parameters["Paramthemotto"]!["Default"]);
        Assert.DoesNotContain(parameters, p => p.Key.Contains("password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_callback_with_the_construct_can_connect_it()
    {
        var statement = published.PropertiesOf("AWS::IAM::Policy", "FunctionapiServiceRole")["PolicyDocument"]!["Statement"]![0]!;

        Assert.Equal("sns:Publish", (string?)statement["Action"]);
    }

    [Fact]
    public void The_code_of_a_function_is_its_package()
    {
        var key = (string?)published.PropertiesOf("AWS::Lambda::Function", "Functionworker")["Code"]!["S3Key"];

        using var zip = ZipFile.OpenRead(Path.Combine(published.Assembly, $"asset.{key}"));
        using var reader = new StreamReader(Assert.Single(zip.Entries).Open());
        Assert.Equal("worker", reader.ReadToEnd());
    }

    [Fact]
    public void The_console_says_where_the_stack_is()
    {
        Assert.Contains($"Synthesized stack 'CloudApp' into {published.Assembly}", published.Output);
        Assert.EndsWith("'publish' is done.", published.Output);
    }
}
