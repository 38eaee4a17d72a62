using RvkApp.Tests.Topology.Reading;

namespace RvkApp.Tests.Topology;

/// <summary>A test of the template that publishing yields.</summary>
public abstract class TopologyTest(PublishedOutput output) : IAsyncLifetime
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected string TemplatePath => output.TemplatePath;

    internal CloudTemplate Template { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Template = CloudTemplate.Load(output.TemplatePath);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
