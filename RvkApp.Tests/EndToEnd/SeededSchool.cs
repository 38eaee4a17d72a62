using RvkApp.Tests.EndToEnd;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(SeededSchool))]

namespace RvkApp.Tests.EndToEnd;

/// <summary>A system with the demo data that was stopped and started again: nobody writes to it, so its numbers stay what they are.</summary>
public sealed class SeededSchool : IAsyncDisposable
{
    /// <summary>The course that was created before the restart.</summary>
    internal const string CourseCode = "BEFORE-RESTART";

    private readonly TemporaryDirectory _volumes = new();
    private readonly Lazy<Task<SchoolApp>> _app;

    public SeededSchool() => _app = new(StartTwiceAsync);

    internal Task<SchoolApp> StartedAsync() => _app.Value;

    public async ValueTask DisposeAsync()
    {
        if (_app.IsValueCreated && _app.Value.IsCompletedSuccessfully)
        {
            await _app.Value.Result.DisposeAsync();
        }

        _volumes.Dispose();
    }

    private async Task<SchoolApp> StartTwiceAsync()
    {
        var options = new SchoolAppOptions { VolumesPath = _volumes.Path, Arguments = ["--Seed:Demo=true"] };
        await using (var first = await SchoolApp.StartAsync(options, CancellationToken.None))
        {
            using var admin = first.CreateClient(Role.Admin);
            await Entity.Courses.CreateAsync(admin, c => c["code"] = CourseCode);
            await first.StopAsync(CancellationToken.None);
        }

        return await SchoolApp.StartAsync(options, CancellationToken.None);
    }
}
