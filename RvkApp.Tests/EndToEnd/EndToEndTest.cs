using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>A test on the shared running system, with a client for each role.</summary>
public abstract class EndToEndTest(SharedSchool shared) : IAsyncLifetime
{
    internal SchoolApp School { get; private set; } = null!;

    protected HttpClient Anonymous { get; private set; } = null!;

    protected HttpClient User { get; private set; } = null!;

    protected HttpClient Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        School = await shared.StartedAsync();
        Anonymous = School.CreateClient(Role.Anonymous);
        User = School.CreateClient(Role.User);
        Admin = School.CreateClient(Role.Admin);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Anonymous?.Dispose();
        User?.Dispose();
        Admin?.Dispose();
        return ValueTask.CompletedTask;
    }

    protected HttpClient Client(Role role) => role switch
    {
        Role.Admin => Admin,
        Role.User => User,
        _ => Anonymous,
    };
}
