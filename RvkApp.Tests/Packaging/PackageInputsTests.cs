using Aspire.Hosting;
using RvkApp.AppHost.Packaging;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Packaging;

/// <summary>When a package is built again, and when it is not.</summary>
public sealed class PackageInputsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public PackageInputsTests()
    {
        Write("global.json", "{}");
        Write("Directory.Build.props", "<Project />");
        Write("App/App.csproj", "<Project />");
        Write("App/Program.cs", "// program");
        Write("App/Feature/Feature.cs", "// feature");
        Write("Library/Library.csproj", "<Project />");
        Write("Library/Code.cs", "// code");
        Write("Other/Other.csproj", "<Project />");
        Write("App/obj/project.assets.json", """
            {"libraries": {
              "Package/1.0.0": {"sha512": "abc", "type": "package", "path": "package/1.0.0"},
              "Library/1.0.0": {"type": "project", "path": "../Library/Library.csproj", "msbuildProject": "../Library/Library.csproj"}}}
            """);
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("App/Program.cs")]
    [InlineData("App/Feature/Feature.cs")]
    [InlineData("App/Feature/New.cs")]
    [InlineData("App/appsettings.json")]
    [InlineData("App/App.csproj")]
    [InlineData("Library/Code.cs")]
    [InlineData("Library/Library.csproj")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public void A_change_of_what_it_is_made_of_changes_the_hash(string file)
    {
        var before = Hash();
        Write(file, "changed");
        Assert.NotEqual(before, Hash());
    }

    [Theory]
    [InlineData("App/bin/Debug/App.dll")]
    [InlineData("App/obj/App.AssemblyInfo.cs")]
    [InlineData("App/App.csproj.user")]
    [InlineData("App/Tests/Tests.csproj")]
    [InlineData("Other/Other.csproj")]
    [InlineData("README.md")]
    public void A_change_of_anything_else_does_not(string file)
    {
        var before = Hash();
        Write(file, "changed");
        Assert.Equal(before, Hash());
    }

    [Fact]
    public void A_renamed_file_another_package_and_another_tool_change_the_hash()
    {
        var before = Hash();
        File.Move(_directory["App/Program.cs"], _directory["App/Main.cs"]);
        var renamed = Hash();
        Write("App/obj/project.assets.json", File.ReadAllText(_directory["App/obj/project.assets.json"]).Replace("abc", "abd", StringComparison.Ordinal));
        var repackaged = Hash();

        Assert.Equal(4, new[] { before, renamed, repackaged, Hash("10.0.402") }.Distinct().Count());
    }

    [Fact]
    public void Where_the_sources_are_does_not_matter()
    {
        var before = Hash();
        using var elsewhere = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(_directory.Path, "*", SearchOption.AllDirectories))
        {
            var copy = elsewhere[Path.GetRelativePath(_directory.Path, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var inputs = PackageInputs.Read(elsewhere["App/App.csproj"], ["10.0.401"]);
        Assert.Equal(before, inputs.Hash);
        Assert.Equal(elsewhere.Path, inputs.RepositoryRoot);
    }

    [Fact]
    public void A_project_that_is_not_restored_is_refused_with_what_to_do()
        => Assert.Contains("run 'dotnet build' on the app host first",
            Assert.Throws<DistributedApplicationException>(() => PackageInputs.Read(_directory["Other/Other.csproj"], [])).Message, StringComparison.Ordinal);

    private string Hash(string sdk = "10.0.401") => PackageInputs.Read(_directory["App/App.csproj"], [sdk]).Hash;

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[file])!);
        File.WriteAllText(_directory[file], text);
    }
}
