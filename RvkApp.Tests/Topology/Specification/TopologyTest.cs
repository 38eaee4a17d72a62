using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>A test of the template that publishing yields.</summary>
public abstract class TopologyTest(PublishedOutput output) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string TemplatePath => output.TemplatePath;

    internal PublishedTemplate Template { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Template = PublishedTemplate.Load(output.TemplatePath);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
