using RvkApp.AppHost;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(LambdaSchool))]
[assembly: AssemblyFixture(typeof(ProjectSchool))]

namespace RvkApp.Tests.Support;

/// <summary>
/// The one running system that most tests of a host share. It starts with the first test that asks for it, so a run of other tests alone does
/// not pay for it.
/// </summary>
public abstract class SharedSchool : IAsyncDisposable
{
    /// <summary>The one origin that may call the API from a browser.</summary>
    public const string AllowedOrigin = "https://app.school.example";

    private readonly TemporaryDirectory _volumes = new();
    private readonly Lazy<Task<SchoolApp>> _app;

    private protected SharedSchool(ApiHost host) => _app = new(() => SchoolApp.StartAsync(
        new SchoolAppOptions { ApiHost = host, VolumesPath = _volumes.Path, Arguments = [$"--Aws:CorsOrigins={AllowedOrigin}"] },
        CancellationToken.None));

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
}

/// <summary>The shared system whose API is a Lambda function behind API Gateway.</summary>
public sealed class LambdaSchool() : SharedSchool(ApiHost.Lambda);

/// <summary>The shared system whose API is a process that listens itself.</summary>
public sealed class ProjectSchool() : SharedSchool(ApiHost.Project);
