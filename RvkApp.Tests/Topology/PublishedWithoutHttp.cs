[assembly: AssemblyFixture(typeof(RvkApp.Tests.Topology.PublishedWithoutHttp))]

namespace RvkApp.Tests.Topology;

/// <summary>Stand-in until publishing writes the template: the file that RVKAPP_TEMPLATE_WITHOUT_HTTP names.</summary>
public sealed class PublishedWithoutHttp
{
    public string TemplatePath => Environment.GetEnvironmentVariable("RVKAPP_TEMPLATE_WITHOUT_HTTP") ?? throw new InvalidOperationException("RVKAPP_TEMPLATE_WITHOUT_HTTP names no template.");
}
