using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>
/// Lets a test host take part in an app host whose <c>Main</c> it runs in its own process. The hooks belong to the asynchronous flow
/// that runs <c>Main</c>, so any number of app hosts can run in one process at the same time.
/// </summary>
internal interface IEntryPointHooks
{
    /// <summary>The builder is about to be made from these.</summary>
    void OnCreating(DistributedApplicationOptions options, HostApplicationBuilderSettings settings);

    /// <summary>The builder is made.</summary>
    void OnCreated(DistributedApplicationBuilder builder);

    /// <summary>The app host has described its model. Blocks until the test wants the application built.</summary>
    void OnBuilding(DistributedApplicationBuilder builder);

    /// <summary>The application is built.</summary>
    void OnBuilt(DistributedApplication application);

    /// <summary>Stands in for starting the application from <c>Main</c>: the test does that.</summary>
    Task WaitUntilStartedAsync(DistributedApplication application, CancellationToken cancellationToken);
}

/// <summary>The hooks of the present asynchronous flow.</summary>
internal static class EntryPointHooks
{
    private static readonly AsyncLocal<IEntryPointHooks?> Flow = new();

    public static IEntryPointHooks? Current
    {
        get => Flow.Value;
        set => Flow.Value = value;
    }
}
