using System.Security.Cryptography;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>A volume that cannot be opened: the reason and the way out in one sentence, an exit code, and every file as it was.</summary>
public class VolumeErrorTests(FirstRun firstRun)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_password_that_is_not_the_volumes_is_refused_with_the_way_back()
    {
        using var copy = await firstRun.CopyAsync();
        var before = Fingerprint(copy);
        await using var host = Start(copy.Path, copy["volumes"], KeyValuePair.Create("Parameters__mongo-password", "another-password"));

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        Assert.Contains("Parameters:mongo-password", host.AllOutput, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(copy["volumes"], "rvk-mongo-data"), host.AllOutput, StringComparison.Ordinal);
        Assert.Matches("(?i)another password", host.AllOutput);
        ShouldBeCalm(host);
        Assert.Equal(before, Fingerprint(copy));
        Assert.DoesNotContain("another-password", host.AllOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_credential_file_a_volume_still_refuses_a_wrong_password()
    {
        using var copy = await firstRun.CopyAsync();
        File.Delete(Path.Combine(copy["volumes"], "rvk-mongo-data", "credential.json"));
        await using var host = Start(copy.Path, copy["volumes"], KeyValuePair.Create("Parameters__mongo-password", "another-password"));

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        Assert.Contains("Parameters:mongo-password", host.AllOutput, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(copy["volumes"], "rvk-mongo-data"), host.AllOutput, StringComparison.Ordinal);
        ShouldBeCalm(host);
    }

    [Fact]
    public async Task A_credential_file_that_is_damaged_is_named()
    {
        using var copy = await firstRun.CopyAsync();
        Directory.Delete(copy[".microsoft"], recursive: true);
        var path = Path.Combine(copy["volumes"], "rvk-mongo-data", "credential.json");
        await File.WriteAllTextAsync(path, "{", TestContext.Current.CancellationToken);
        await using var host = Start(copy.Path, copy["volumes"]);

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        Assert.Contains(path, host.AllOutput, StringComparison.Ordinal);
        ShouldBeCalm(host);
        Assert.Equal("{", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_corrupt_data_file_is_named_and_left_alone()
    {
        using var copy = await firstRun.CopyAsync();
        var manifest = Directory.GetFiles(copy["volumes"], "MANIFEST-*", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(manifest, RandomNumberGenerator.GetBytes(200), TestContext.Current.CancellationToken);
        var before = Fingerprint(copy);
        await using var host = Start(copy.Path, copy["volumes"]);

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        Assert.Contains(Path.Combine(copy["volumes"], "rvk-mongo-data"), host.AllOutput, StringComparison.Ordinal);
        Assert.Matches("(?i)corrupt|damaged", host.AllOutput);
        ShouldBeCalm(host);
        Assert.Equal(before.Where(IsData), Fingerprint(copy).Where(IsData));

        // What tells of the attempt may change; what holds data may not.
        static bool IsData(string file) => Path.GetFileName(file.Split(' ')[0]) is not ("server.lock" or "boot") and var name && !name.StartsWith("LOG", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("/proc/volumes")]
    public async Task A_place_where_no_volume_can_be_made_is_named_with_the_setting_that_moves_it(string place)
    {
        using var home = new TemporaryDirectory();
        await File.WriteAllTextAsync(home["file"], "mine", TestContext.Current.CancellationToken);
        var volumes = Path.Combine(home.Path, place);
        await using var host = Start(home.Path, volumes);

        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));

        Assert.Contains(Path.Combine(volumes, "rvk-mongo-data"), host.AllOutput, StringComparison.Ordinal);
        Assert.Contains("Embedded:VolumesPath", host.AllOutput, StringComparison.Ordinal);
        ShouldBeCalm(host);
        Assert.Equal("mine", await File.ReadAllTextAsync(home["file"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task With_a_dashboard_the_run_goes_on_until_somebody_repairs_or_ends_it()
    {
        using var copy = await firstRun.CopyAsync();
        await File.WriteAllBytesAsync(
            Directory.GetFiles(copy["volumes"], "MANIFEST-*", SearchOption.AllDirectories).Single(), RandomNumberGenerator.GetBytes(200), TestContext.Current.CancellationToken);
        await using var host = AppHostProcess.Start(copy.Path, copy["volumes"]);

        await host.WaitForOutputAsync(@"mongo\s+failed: ", Deadline);
        await host.WaitForOutputAsync(@"Dashboard\s+http://localhost:\d+/login\?t=", Deadline);
        Assert.False(host.HasExited);

        host.Signal(Signal.Interrupt);
        Assert.NotEqual(0, await host.WaitForExitAsync(Deadline));
        Assert.True(host.AllOutput.Contains(Path.Combine(copy["volumes"], "rvk-mongo-data"), StringComparison.Ordinal), host.AllOutput);
    }

    // Without a dashboard nobody could repair it while the run goes on: it ends.
    private static AppHostProcess Start(string home, string volumes, params KeyValuePair<string, string>[] environment)
        => AppHostProcess.Start(home, volumes, ["--Embedded:Dashboard:Enabled=false"], environment);

    // A person reads this: no stack trace, and no long tail of attempts.
    private static void ShouldBeCalm(AppHostProcess host)
    {
        Assert.DoesNotContain("   at ", host.AllOutput, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", host.AllOutput, StringComparison.Ordinal);
        Assert.True(host.AllOutput.Split('\n').Length < 40, host.AllOutput);
    }

    private static string[] Fingerprint(TemporaryDirectory copy) => [.. Directory.GetFiles(copy["volumes"], "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}
