using RvkApp.AppHost;
using RvkApp.Tests.EndToEnd;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(SeededLambdaSchool))]
[assembly: AssemblyFixture(typeof(SeededProjectSchool))]

namespace RvkApp.Tests.EndToEnd;

/// <summary>A system with the demo data that was stopped and started again: nobody writes to it, so its numbers stay what they are.</summary>
public abstract class SeededSchool : IAsyncDisposable
{
    /// <summary>The course that was created before the restart.</summary>
    internal const string CourseCode = "BEFORE-RESTART";

    private readonly TemporaryDirectory _volumes = new();
    private readonly Lazy<Task<SchoolApp>> _app;

    private protected SeededSchool(ApiHost host) => _app = new(() => StartTwiceAsync(host));

    internal Task<SchoolApp> StartedAsync() => _app.Value;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app.IsValueCreated && _app.Value.IsCompletedSuccessfully)
        {
            await _app.Value.Result.DisposeAsync();
        }

        _volumes.Dispose();
    }

    private async Task<SchoolApp> StartTwiceAsync(ApiHost host)
    {
        var options = new SchoolAppOptions { ApiHost = host, VolumesPath = _volumes.Path, Arguments = ["--Seed:Demo=true"] };
        await using (var first = await SchoolApp.StartAsync(options, CancellationToken.None))
        {
            using var admin = first.CreateClient(Role.Admin);
            await Entity.Courses.CreateAsync(admin, c => c["code"] = CourseCode);
            await first.StopAsync(CancellationToken.None);
        }

        return await SchoolApp.StartAsync(options, CancellationToken.None);
    }
}

/// <summary>The seeded system whose API is a Lambda function behind API Gateway.</summary>
public sealed class SeededLambdaSchool() : SeededSchool(ApiHost.Lambda);

/// <summary>The seeded system whose API is a process that listens itself.</summary>
public sealed class SeededProjectSchool() : SeededSchool(ApiHost.Project);
