using RvkApp.AppHost;
using RvkApp.Tests.Aot;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>The packages that are deployed, run on this machine behind API Gateway: <c>Lambda:Package</c>.</summary>
public sealed class LocalPackageTests(NativePublication native, ReadyToRunPublication readyToRun)
{
    [Fact]
    [Trait("Category", "NativeAot")]
    public async Task The_native_package_runs_as_the_function()
    {
        Assert.SkipWhen(native.SkipReason is not null, native.SkipReason ?? "");
        await ServeAsync(native, "aot", "bootstrap");
    }

    [Fact]
    public async Task The_ready_to_run_package_runs_as_the_function() => await ServeAsync(readyToRun, "ready-to-run", "RvkApp.Api.dll");

    private static async Task ServeAsync(Publication publication, string setting, string program)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds the function's process in /proc");
        // Built before the system starts: the first time it takes minutes.
        await publication.UnpackedAsync();
        using var volumes = new TemporaryDirectory();
        await using var school = await SchoolApp.StartAsync(
            new SchoolAppOptions { ApiHost = ApiHost.Lambda, VolumesPath = volumes.Path, Arguments = [$"--Lambda:Package={setting}"] },
            TestContext.Current.CancellationToken);
        using var admin = school.CreateClient(Role.Admin);
        using var anonymous = school.CreateClient(Role.Anonymous);

        var course = await Entity.Courses.CreateAsync(admin, c => c["title"] = "Größe 😀");
        Assert.Equal("Größe 😀", (await admin.GetAnswerAsync($"/courses/{(string)course["id"]!}")).ShouldBe(200).Json.GetProperty("title").GetString());
        var same = Entity.Courses.NewBody();
        same["code"] = (string)course["code"]!;
        (await admin.PostAsync("/courses", same)).ShouldBeProblem(409);
        (await anonymous.GetAnswerAsync("/students")).ShouldBeProblem(401);
        (await anonymous.GetAnswerAsync("/health")).ShouldBe(200);

        var apis = RunningProcess.All().Where(process => school.FindApis().Contains(process.Id)).ToArray();
        Assert.NotEmpty(apis);
        Assert.All(apis, api => Assert.Contains(program, api.CommandLine, StringComparison.Ordinal));
        // Not what the build has made.
        Assert.All(apis, api => Assert.DoesNotContain(Repository.Root, api.CommandLine, StringComparison.Ordinal));
    }
}
