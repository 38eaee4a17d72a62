[assembly: AssemblyFixture(typeof(RvkApp.Tests.Topology.PublishedOutput))]

namespace RvkApp.Tests.Topology;

/// <summary>Stand-in until publishing writes the template: the file that RVKAPP_TEMPLATE names.</summary>
public sealed class PublishedOutput
{
    public string TemplatePath => Environment.GetEnvironmentVariable("RVKAPP_TEMPLATE") ?? throw new InvalidOperationException("RVKAPP_TEMPLATE names no template.");

    public string OutputPath => Path.GetDirectoryName(TemplatePath)!;
}
