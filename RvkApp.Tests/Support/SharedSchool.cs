using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(SharedSchool))]

namespace RvkApp.Tests.Support;

/// <summary>
/// The one running system that most tests share. It starts with the first test that asks for it, so a run of other tests alone does
/// not pay for it.
/// </summary>
public sealed class SharedSchool : IAsyncDisposable
{
    /// <summary>The one origin that may call the API from a browser.</summary>
    public const string AllowedOrigin = "https://app.school.example";

    private readonly TemporaryDirectory _volumes = new();
    private readonly Lazy<Task<SchoolApp>> _app;

    public SharedSchool() => _app = new(() => SchoolApp.StartAsync(
        new SchoolAppOptions
        {
            VolumesPath = _volumes.Path,
            ApiEnvironment = new() { ["Cors__Origins__0"] = AllowedOrigin },
        },
        CancellationToken.None));

    internal Task<SchoolApp> StartedAsync() => _app.Value;

    public async ValueTask DisposeAsync()
    {
        if (_app.IsValueCreated && _app.Value.IsCompletedSuccessfully)
        {
            await _app.Value.Result.DisposeAsync();
        }

        _volumes.Dispose();
    }
}
