using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Aspire.Hosting.Publishing;

/// <summary>Published before the first step of publishing. A subscriber that throws keeps all of them from running.</summary>
/// <param name="services">The application's services.</param>
/// <param name="model">The application's model.</param>
public sealed class BeforePublishEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The application's model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}

/// <summary>Published after the last step of publishing, if none has failed.</summary>
/// <param name="services">The application's services.</param>
/// <param name="model">The application's model.</param>
public sealed class AfterPublishEvent(IServiceProvider services, DistributedApplicationModel model) : IDistributedApplicationEvent
{
    /// <summary>The application's services.</summary>
    public IServiceProvider Services { get; } = services;

    /// <summary>The application's model.</summary>
    public DistributedApplicationModel Model { get; } = model;
}
