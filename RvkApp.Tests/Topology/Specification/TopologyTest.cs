using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>A test of the template that the stack yields.</summary>
public abstract class TopologyTest(SynthesizedTopology topology) : IAsyncLifetime
{
    internal PublishedTemplate Template { get; private set; } = null!;

    /// <summary>The template of a stack that lets no plain HTTP out (<c>Aws:AllowHttpEgress=false</c>).</summary>
    internal async Task<PublishedTemplate> WithoutHttpAsync() => PublishedTemplate.Of((await topology.OtherAsync()).Json);

    public async ValueTask InitializeAsync() => Template = PublishedTemplate.Of((await topology.DefaultAsync()).Json);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
