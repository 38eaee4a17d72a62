using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an app host in the test's process; derive from it to take part in each step.</summary>
public class DistributedApplicationFactory : IDisposable, IAsyncDisposable
{
    private readonly EntryPointRun _run;

    /// <summary>Creates a factory.</summary>
    /// <param name="entryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</param>
    public DistributedApplicationFactory(Type entryPoint) : this(entryPoint, [])
    {
    }

    /// <summary>Creates a factory.</summary>
    /// <param name="entryPoint">A type of the app host's assembly, such as its class in namespace <c>Projects</c>.</param>
    /// <param name="args">The command line.</param>
    public DistributedApplicationFactory(Type entryPoint, string[] args)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        _run = new EntryPointRun(entryPoint, DistributedApplicationTestingBuilder.Checked(args), new EntryPointCallbacks
        {
            Creating = OnBuilderCreating,
            Created = OnBuilderCreated,
            Building = OnBuilding,
            Built = OnBuilt,
        });
    }

    /// <summary>Builds and starts the application.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that completes when every resource that starts by itself has started or has failed to.</returns>
    public Task StartAsync(CancellationToken cancellationToken = default) => _run.StartApplicationAsync(cancellationToken);

    /// <summary>A client for an endpoint of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; its HTTPS or HTTP endpoint when null.</param>
    /// <returns>The client.</returns>
    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) => Started().CreateHttpClient(resourceName, endpointName);

    /// <summary>The connection string of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <returns>The connection string.</returns>
    public ValueTask<string?> GetConnectionString(string resourceName) => Started().GetConnectionStringAsync(resourceName);

    /// <summary>The address of an endpoint of a resource.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="endpointName">The endpoint; its HTTPS or HTTP endpoint, or its only one, when null.</param>
    /// <returns>The address.</returns>
    public Uri GetEndpoint(string resourceName, string? endpointName = null) => Started().GetEndpoint(resourceName, endpointName);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _run.DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await _run.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Called before the app host's builder is made.</summary>
    /// <param name="applicationOptions">Its settings.</param>
    /// <param name="hostOptions">The settings of the host inside.</param>
    protected virtual void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions)
    {
    }

    /// <summary>Called when the app host's builder is made, before the app host describes its model.</summary>
    /// <param name="applicationBuilder">The builder.</param>
    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>Called when the app host has described its model.</summary>
    /// <param name="applicationBuilder">The builder.</param>
    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder)
    {
    }

    /// <summary>Called when the application is built.</summary>
    /// <param name="application">The application.</param>
    protected virtual void OnBuilt(DistributedApplication application)
    {
    }

    private DistributedApplication Started()
        => _run.Application is { IsStarted: true } application ? application : throw new InvalidOperationException("The application is not started: call StartAsync first.");
}
