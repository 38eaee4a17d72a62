using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace RvkApp.Tests.PackageModes;

/// <summary>The seam of Directory.Build.targets: the same project files on embedded projects and on packages.</summary>
public sealed class PackageModeTests : IDisposable
{
    private const string SdkName = "Aspire.AppHost.Sdk";
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("rvkapp-modes-");

    public void Dispose() => _home.Delete(recursive: true);

    [Theory]
    [InlineData("RvkApp.AppHost", "Aspire.Hosting.AppHost,Aspire.Hosting.AWS,Aspire.Hosting.MongoDB")]
    [InlineData("RvkApp.Api", "Amazon.Lambda.AspNetCoreServer.Hosting,Aspire.MongoDB.Driver")]
    [InlineData("RvkApp.Tests", "Aspire.Hosting.Testing")]
    public async Task Embedded_mode_builds_each_reference_on_the_project_of_its_name(string project, string names)
    {
        var evaluated = await EvaluateAsync(project, "embedded");

        foreach (var name in names.Split(','))
        {
            Assert.DoesNotContain(name, evaluated.Items("PackageReference"));
            Assert.Contains(evaluated.Items("ProjectReference"), path => path.EndsWith($"embedded/{name}/{name}.csproj", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("RvkApp.AppHost", "Aspire.Hosting.AppHost,Aspire.Hosting.AWS,Aspire.Hosting.MongoDB")]
    [InlineData("RvkApp.Api", "Amazon.Lambda.AspNetCoreServer.Hosting,Aspire.MongoDB.Driver")]
    [InlineData("RvkApp.Tests", "Aspire.Hosting.Testing")]
    public async Task Nuget_mode_leaves_the_package_references_as_they_are_written(string project, string names)
    {
        var evaluated = await EvaluateAsync(project, "nuget");

        Assert.Superset(names.Split(',').ToHashSet(), evaluated.Items("PackageReference").ToHashSet());
        Assert.DoesNotContain(evaluated.Items("ProjectReference"), path => path.Contains("embedded/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nuget", "both")]
    [InlineData("embedded", "")]
    public async Task Only_nuget_mode_imports_the_app_host_sdk(string mode, string imported)
    {
        var evaluated = await EvaluateAsync("RvkApp.AppHost", mode);

        Assert.Equal(imported, evaluated.Property("StandInSdk"));
    }

    [Fact]
    public async Task A_mode_that_does_not_exist_stops_the_build_and_names_the_two_that_do()
    {
        var (exitCode, output) = await MSBuildAsync("RvkApp.Api", "nugget", "-t:Restore");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("AspirePackages is 'nugget': use 'embedded'", output, StringComparison.Ordinal);
    }

    private async Task<Evaluation> EvaluateAsync(string project, string mode)
    {
        var (exitCode, output) = await MSBuildAsync(project, mode, "-getItem:PackageReference,ProjectReference", "-getProperty:StandInSdk");
        Assert.True(exitCode == 0, output);
        return new(JsonDocument.Parse(output).RootElement);
    }

    /// <summary>Evaluates a project with a stand-in for the app host SDK, so that the import can be seen without a feed that serves it.</summary>
    private async Task<(int ExitCode, string Output)> MSBuildAsync(string project, string mode, params string[] arguments)
    {
        WriteStandInSdk();
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Root(), project, project + ".csproj"), $"-p:AspirePackages={mode}", "-nologo", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = start.Environment["DOTNET_CLI_HOME"] = start.Environment["APPDATA"] = _home.FullName;
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_home.FullName, "packages");

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await error);
    }

    private void WriteStandInSdk()
    {
        var version = typeof(PackageModeTests).Assembly.GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), false)
            .Cast<System.Reflection.AssemblyMetadataAttribute>().Single(a => a.Key == "AspireVersion").Value!;
        var feed = _home.CreateSubdirectory("feed");
        using (var package = ZipFile.Open(Path.Combine(feed.FullName, $"{SdkName}.{version}.nupkg"), ZipArchiveMode.Create))
        {
            Write($"{SdkName}.nuspec", $"""
                <package><metadata><id>{SdkName}</id><version>{version}</version><authors>test</authors><description>test</description>
                <packageTypes><packageType name="MSBuildSdk" /></packageTypes></metadata></package>
                """);
            Write("Sdk/Sdk.props", "<Project><PropertyGroup><StandInSdkProps>true</StandInSdkProps></PropertyGroup></Project>");
            Write("Sdk/Sdk.targets", """<Project><PropertyGroup Condition="'$(StandInSdkProps)' == 'true'"><StandInSdk>both</StandInSdk></PropertyGroup></Project>""");

            void Write(string path, string text)
            {
                using var writer = new StreamWriter(package.CreateEntry(path).Open());
                writer.Write(text);
            }
        }

        var configuration = OperatingSystem.IsWindows() ? _home.CreateSubdirectory("NuGet") : _home.CreateSubdirectory(Path.Combine(".nuget", "NuGet"));
        File.WriteAllText(Path.Combine(configuration.FullName, "NuGet.Config"), $"""
            <configuration><packageSources><clear /><add key="feed" value="{feed.FullName}" /></packageSources></configuration>
            """);
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    private sealed record Evaluation(JsonElement Json)
    {
        public IReadOnlyList<string> Items(string type) =>
            [.. Json.GetProperty("Items").GetProperty(type).EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!.Replace('\\', '/'))];

        public string Property(string name) => Json.TryGetProperty("Properties", out var all) ? all.GetProperty(name).GetString()! : "";
    }
}
