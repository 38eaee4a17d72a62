using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RvkApp.Tests.Aot;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Topology;

/// <summary>
/// Publishing as a person does it: the built app host as a process, without an account, a container engine or a database. The function's
/// package takes minutes to build; <c>-trait- Category=NativeAot</c> leaves these tests out.
/// </summary>
[Trait("Category", "NativeAot")]
public sealed partial class PublishTests(PublishedOutput publishes, NativePublication native, ReadyToRunPublication readyToRun, SynthesizedTopology synthesized) : IAsyncLifetime
{
    private Publish _first = null!;
    private Publish _second = null!;

    public async ValueTask InitializeAsync() => (_first, _second) = await publishes.PublishAsync(native, readyToRun);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Publishing_needs_no_account_and_leaves_assembly_page_and_report()
    {
        Assert.True(_first.ExitCode == 0, $"{_first.Output}{_first.Errors}");
        Assert.Empty(_first.Errors.Trim());
        string[] files = [.. _first.Files().Keys.Where(name => !name.EndsWith(".zip", StringComparison.Ordinal))];
        Assert.Equal(
            [Path.Combine("cdk.out", "RvkApp.assets.json"), Path.Combine("cdk.out", "RvkApp.template.json"), Path.Combine("cdk.out", "cdk.out"), Path.Combine("cdk.out", "manifest.json"), "topology.html", "verification.json"],
            files);
        Assert.Single(_first.Files().Keys, name => name.EndsWith(".zip", StringComparison.Ordinal));
        Assert.True(JsonNode.Parse(File.ReadAllText(Path.Combine(_first.OutputPath, "verification.json")))!["passed"]!.GetValue<bool>());
    }

    [Fact]
    public void The_summary_has_resources_matrix_checklist_files_and_the_command_that_deploys()
    {
        Assert.Matches(@"\d+ resources", _first.Output);
        Assert.Matches(@"\d+ EC2::SecurityGroup\b", _first.Output);
        Assert.Matches(@"lambda\s+tcp 443, tcp 80\s+-\s+-\s+tcp 27017\s+-", _first.Output);
        Assert.Equal(10, ChecklistLine().Count(_first.Output));
        Assert.Contains(Path.Combine(_first.OutputPath, "topology.html"), _first.Output, StringComparison.Ordinal);
        Assert.Contains("--launch-profile deploy", _first.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_publishes_of_the_same_sources_are_the_same_bytes()
    {
        Assert.Equal(0, _second.ExitCode);
        Assert.Equal(Hashes(_first), Hashes(_second));
    }

    [Fact]
    public void No_secret_account_or_path_of_this_machine_is_anywhere_in_the_output()
    {
        // Where a user's home is /root, the word is a part of many others: a path has something below it.
        var profile = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + Path.DirectorySeparatorChar;
        string[] forbidden = [.. PublishedOutput.Secrets.Values, _first.Home, _first.OutputPath, Repository.Root, Environment.MachineName, profile];
        foreach (var (name, bytes) in Contents(_first))
        {
            foreach (var needle in forbidden.Where(text => text.Length > 3 && !text.Equals("root", StringComparison.Ordinal)))
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(needle)) < 0, $"'{needle}' is in {name}");
                Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(needle)) < 0, $"'{needle}' is in {name}, as UTF-16");
            }

            if (Path.GetExtension(name) is ".json" or ".html" or "")
            {
                Assert.DoesNotMatch(@"(?<![\w.-])\d{12}(?![\w.-])", Encoding.UTF8.GetString(bytes));
            }
        }
    }

    [Fact]
    public async Task The_published_template_is_the_tested_one_but_for_the_function_itself()
    {
        var published = await File.ReadAllTextAsync(_first.TemplatePath, TestContext.Current.CancellationToken);
        var of = Resources(published);
        var tested = Resources((await synthesized.DefaultAsync()).Json);
        Assert.Equal(tested.Keys, of.Keys);
        var function = Assert.Single(of, resource => !JsonNode.DeepEquals(resource.Value, tested[resource.Key])).Value!;
        Assert.Equal("AWS::Lambda::Function", function["Type"]!.GetValue<string>());
        var properties = function["Properties"]!;
        var package = native.SkipReason is null ? native.Package : readyToRun.Package;
        Assert.Equal(package.Handler, properties["Handler"]!.GetValue<string>());
        Assert.Equal(package.Runtime, properties["Runtime"]!.GetValue<string>());
        // A parameter of the model is a parameter of the template.
        var parameter = properties["Environment"]!["Variables"]!["Admin__Email"]!["Ref"]!.GetValue<string>();
        Assert.Equal("admin@school.local", JsonNode.Parse(published)!["Parameters"]![parameter]!["Default"]!.GetValue<string>());
    }

    [Fact]
    public async Task Verifying_a_template_that_was_changed_fails_and_names_what_is_missing()
    {
        using var home = new TemporaryDirectory();
        var output = home["aws"];
        CopyOf(_first, output);
        Assert.Equal(0, (await PublishedOutput.RunStepAsync("verify", home["home"], output)).ExitCode);

        var path = Path.Combine(output, "cdk.out", "RvkApp.template.json");
        var template = JsonNode.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken))!;
        var rule = template["Resources"]!.AsObject().Single(resource => resource.Value!["Type"]!.GetValue<string>() == "AWS::EC2::SecurityGroupIngress" && resource.Value["Properties"]!["FromPort"]!.GetValue<int>() == 27017).Key;
        template["Resources"]!.AsObject().Remove(rule);
        foreach (var resource in template["Resources"]!.AsObject().Where(resource => resource.Value!["DependsOn"] is JsonArray).Select(resource => resource.Value!["DependsOn"]!.AsArray()))
        {
            _ = resource.FirstOrDefault(name => name!.GetValue<string>() == rule) is { } named && resource.Remove(named);
        }

        await File.WriteAllTextAsync(path, template.ToJsonString(), TestContext.Current.CancellationToken);
        var broken = await PublishedOutput.RunStepAsync("verify", home["home"], output);
        Assert.NotEqual(0, broken.ExitCode);
        Assert.Contains("checklist-03", broken.Output + broken.Errors, StringComparison.Ordinal);
        Assert.Contains("lambda to mongo (missing)", broken.Output + broken.Errors, StringComparison.Ordinal);
        Assert.False(JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(output, "verification.json"), TestContext.Current.CancellationToken))!["passed"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("audit")]
    public async Task A_step_that_needs_an_earlier_publish_says_so(string step)
    {
        using var home = new TemporaryDirectory();
        var result = await PublishedOutput.RunStepAsync(step, home["home"], home["aws"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("publish first", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auditing_without_an_account_says_what_is_missing()
    {
        using var home = new TemporaryDirectory();
        CopyOf(_first, home["aws"]);
        var result = await PublishedOutput.RunStepAsync("audit", home["home"], home["aws"]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Set credentials", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploying_without_an_account_misses_credentials_and_nothing_else()
    {
        using var home = new TemporaryDirectory();
        var result = await PublishedOutput.RunStepAsync("preflight-aws", home["home"], home["aws"]);
        Assert.NotEqual(0, result.ExitCode);
        // Where npm is out of reach, the command of the CDK is what is missing, and said first.
        Assert.Matches("credentials|npm registry", result.Output + result.Errors);
        Assert.DoesNotContain("There is no AWS region", result.Output + result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Aws:Region=nowhere", "Aws:Region")]
    [InlineData("--Aws:MongoImage=mongo:latest", "Aws:MongoImage")]
    [InlineData("--Aws:LogRetention=2", "Aws:LogRetention")]
    public async Task A_setting_that_cannot_be_used_ends_the_publish_before_anything_is_written(string setting, string key)
    {
        using var home = new TemporaryDirectory();
        var result = await PublishedOutput.RunStepAsync("publish", home["home"], home["aws"], setting);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(key, result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home["aws"]));
    }

    private static Dictionary<string, string> Hashes(Publish publish) =>
        publish.Files().ToDictionary(file => file.Key, file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file.Value))));

    // The files themselves, and what is in the package.
    private static IEnumerable<(string Name, byte[] Bytes)> Contents(Publish publish)
    {
        foreach (var (name, path) in publish.Files())
        {
            yield return (name, File.ReadAllBytes(path));
            if (name.EndsWith(".zip", StringComparison.Ordinal))
            {
                using var zip = ZipFile.OpenRead(path);
                foreach (var entry in zip.Entries)
                {
                    using var content = entry.Open();
                    using var bytes = new MemoryStream();
                    content.CopyTo(bytes);
                    yield return ($"{name}: {entry.FullName}", bytes.ToArray());
                }
            }
        }
    }

    private static SortedDictionary<string, JsonNode?> Resources(string template) =>
        new(JsonNode.Parse(template)!["Resources"]!.AsObject().ToDictionary(resource => resource.Key, resource => resource.Value), StringComparer.Ordinal);

    private static void CopyOf(Publish publish, string to)
    {
        foreach (var (name, path) in publish.Files())
        {
            var copy = Path.Combine(to, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }

    [GeneratedRegex(@"^\s+✓\s+\d+ ", RegexOptions.Multiline)]
    private static partial Regex ChecklistLine();
}
