using System.Runtime.InteropServices;
using Aspire.Hosting;
using RvkApp.AppHost.Packaging;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Packaging;

/// <summary>Which package is chosen, and what fits it.</summary>
public sealed class LambdaPackageTests
{
    private const string Missing = "something is missing";

    [Theory]
    [InlineData(null, null, "native", "bootstrap", "provided.al2023")]
    [InlineData("", null, "native", "bootstrap", "provided.al2023")]
    [InlineData("Native", null, "native", "bootstrap", "provided.al2023")]
    [InlineData("ready-to-run", null, "ready-to-run", "RvkApp.Api", "dotnet10")]
    [InlineData("ready-to-run", Missing, "ready-to-run", "RvkApp.Api", "dotnet10")]
    [InlineData(null, Missing, "ready-to-run", "RvkApp.Api", "dotnet10")]
    public void The_setting_and_the_machine_choose(string? setting, string? missing, string word, string handler, string runtime)
    {
        var package = LambdaPackage.Choose(setting, missing);

        Assert.Equal((word, handler, runtime), (package.Word, package.Handler, package.Runtime));
    }

    [Fact]
    public void What_is_chosen_for_want_of_tools_says_so()
        => Assert.Contains(Missing, LambdaPackage.Choose(null, Missing).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("native", Missing, Missing)]
    [InlineData("docker", null, "The setting Aws:LambdaPackage is 'docker': use native or ready-to-run.")]
    public void What_cannot_be_is_refused(string setting, string? missing, string sentence)
        => Assert.Contains(sentence, Assert.Throws<DistributedApplicationException>(() => LambdaPackage.Choose(setting, missing)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_linker_has_to_be_on_the_path_of_linux_on_x64()
    {
        using var tools = new TemporaryDirectory();
        File.WriteAllText(tools["gcc"], "");
        var path = $"/no/such/directory{Path.PathSeparator}{tools.Path}";

        Assert.Null(NativeToolchain.Missing(isLinux: true, Architecture.X64, path));
        Assert.Contains("neither clang nor gcc", NativeToolchain.Missing(isLinux: true, Architecture.X64, "/no/such/directory"), StringComparison.Ordinal);
        Assert.Contains("neither clang nor gcc", NativeToolchain.Missing(isLinux: true, Architecture.X64, null), StringComparison.Ordinal);
        Assert.Contains("not Linux on x64", NativeToolchain.Missing(isLinux: true, Architecture.Arm64, path), StringComparison.Ordinal);
        Assert.Contains("not Linux on x64", NativeToolchain.Missing(isLinux: false, Architecture.X64, path), StringComparison.Ordinal);
    }
}
