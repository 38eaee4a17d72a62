namespace Aspire.Hosting.Dashboard;

/// <summary>
/// The dashboard, which the assembly <c>Aspire.Dashboard</c> implements. It runs in the app host and reads and commands the resources through
/// the app host's own services: there is no second copy of their state (docs/decisions/0070).
/// </summary>
internal interface IDashboard : IAsyncDisposable
{
    /// <summary>Starts to listen: the pages, and the ports for telemetry.</summary>
    /// <param name="options">Where it listens, and who may come in.</param>
    /// <param name="services">The app host's services.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DistributedApplicationException">A port cannot be listened on: which, and how to choose another.</exception>
    Task StartAsync(DashboardOptions options, IServiceProvider services, CancellationToken cancellationToken);
}
