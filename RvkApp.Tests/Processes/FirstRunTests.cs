using System.Text.Json;
using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Processes;

/// <summary>What a newcomer sees, and what the next run makes of it.</summary>
public class FirstRunTests(FirstRun firstRun)
{
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task The_console_shows_the_links_and_the_sign_in()
    {
        var run = await firstRun.RecordAsync();

        Assert.Matches(@"http://localhost:\d+\s+\(API\)", run.Output);
        Assert.Matches(@"http://localhost:\d+/api-docs\s+\(API reference\)", run.Output);
        Assert.Equal("admin@school.local", run.AdminEmail);
        Assert.True(run.AdminPassword.Length >= 16);
    }

    [Fact]
    public async Task Ctrl_c_stops_everything_with_exit_code_0()
    {
        Assert.Equal(0, (await firstRun.RecordAsync()).ExitCode);
    }

    [Fact]
    public async Task The_api_ends_before_the_database_it_depends_on()
    {
        var order = (await firstRun.RecordAsync()).OrderOfEnd.ToList();

        var api = order.FindIndex(name => name.Contains("RvkApp.Api", StringComparison.Ordinal));
        var mongo = order.FindIndex(name => name.Contains("MongoDB.Embedded", StringComparison.Ordinal));
        Assert.True(api >= 0 && mongo > api, string.Join("; ", order));
    }

    [Fact]
    public async Task No_secret_is_in_the_output_but_the_sign_in_that_it_generated()
    {
        var run = await firstRun.RecordAsync();
        using var copy = await firstRun.CopyAsync();

        var secrets = ReadSecrets(copy);
        Assert.Contains("Parameters:mongo-password", secrets.Keys);
        Assert.Contains("Parameters:jwt-signing-key", secrets.Keys);
        foreach (var (name, value) in secrets)
        {
            var shown = (run.Output + run.Errors).Split(value).Length - 1;
            Assert.True(shown == (name == "Parameters:admin-password" ? 1 : 0), $"{name} is {shown} times in the output");
        }
    }

    [Fact]
    public async Task Generated_secrets_are_as_strong_as_they_have_to_be()
    {
        using var copy = await firstRun.CopyAsync();
        var secrets = ReadSecrets(copy);

        Assert.Matches("^[A-Za-z0-9]{22}$", secrets["Parameters:mongo-password"]);
        Assert.True(secrets["Parameters:jwt-signing-key"].Length >= 32);
    }

    [Fact]
    public async Task The_credential_is_in_the_volume_for_its_owner_only()
    {
        using var copy = await firstRun.CopyAsync();
        var path = Path.Combine(copy["volumes"], "rvk-mongo-data", "credential.json");

        Assert.Contains(ReadSecrets(copy)["Parameters:mongo-password"], await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public async Task The_second_run_has_the_data_and_shows_no_secret()
    {
        using var copy = await firstRun.CopyAsync();
        var run = await firstRun.RecordAsync();
        await using var host = AppHostProcess.Start(copy.Path, copy["volumes"]);

        await ShouldHaveTheCourseAsync(await host.WaitForApiAsync(), run);
        host.Signal(Signal.Terminate);

        Assert.Equal(0, await host.WaitForExitAsync(StopDeadline));
        await host.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(5));
        Assert.DoesNotContain("Password", host.Output, StringComparison.OrdinalIgnoreCase);
        Assert.All(ReadSecrets(copy).Values, secret => Assert.DoesNotContain(secret, host.AllOutput, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wiped_profile_locks_nobody_out_and_a_second_app_host_is_told_why_it_has_to_wait()
    {
        using var copy = await firstRun.CopyAsync();
        var run = await firstRun.RecordAsync();
        Directory.Delete(copy[".microsoft"], recursive: true);
        await using var host = AppHostProcess.Start(copy.Path, copy["volumes"]);
        await ShouldHaveTheCourseAsync(await host.WaitForApiAsync(), run);

        // Without a dashboard, which it would wait at to be repaired.
        await using var second = AppHostProcess.Start(copy.Path, copy["volumes"], ["--Embedded:Dashboard:Enabled=false"]);
        Assert.NotEqual(0, await second.WaitForExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains("rvk-mongo-data", second.AllOutput, StringComparison.Ordinal);
        Assert.Matches("(?i)in use|locked|another process", second.AllOutput);
        await second.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(5));

        // The first is not disturbed, and neither is it by losing its terminal.
        using var client = new HttpClient { BaseAddress = await host.WaitForApiAsync() };
        (await client.GetAnswerAsync("/health")).ShouldBe(200);
        host.Signal(Signal.Hangup);
        await host.WaitForExitAsync(StopDeadline);
        await host.WaitUntilNothingIsLeftAsync(TimeSpan.FromSeconds(5));
    }

    private static Dictionary<string, string> ReadSecrets(TemporaryDirectory profile)
    {
        var file = Directory.GetFiles(profile[".microsoft"], "secrets.json", SearchOption.AllDirectories).Single();
        return JsonElement.Parse(File.ReadAllText(file)).EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
    }

    private static async Task ShouldHaveTheCourseAsync(Uri api, FirstRun.Record run)
    {
        using var client = new HttpClient { BaseAddress = api };
        var signedIn = await client.PostAsync("/auth/login", new JsonObject { ["email"] = run.AdminEmail, ["password"] = run.AdminPassword });
        client.WithToken(signedIn.ShouldBe(200).Json.GetProperty("token").GetString()!);
        var courses = (await client.GetAnswerAsync("/courses")).ShouldBe(200);
        Assert.Contains(FirstRun.CourseCode, courses.Text, StringComparison.Ordinal);
    }
}
