using RvkApp.AppHost.Topology;
using RvkApp.AppHost.Topology.Live;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Topology.Live;

public class DeclaredDiagramTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task Is_the_picture_of_the_synthesized_template()
        => AssertSame(await topology.DefaultAsync(), new TopologyOptions());

    [Fact]
    public async Task Is_the_picture_of_a_template_with_other_options()
        => AssertSame(await topology.OtherAsync(), SynthesizedTopology.OtherOptions);

    private static void AssertSame(CloudTemplate synthesized, TopologyOptions options)
    {
        var template = Template.Parse(synthesized.Json, "RvkApp.template.json");
        var report = Verifier.Verify(template, new VerificationOptions { AllowHttpEgress = options.AllowHttpEgress });
        var published = new TopologyDiagram(LandscapeReader.Read(template), template, report).Make();
        var declared = DeclaredDiagram.Make(options);

        Assert.Equal(published.Nodes.AsEnumerable(), declared.Nodes.AsEnumerable());
        Assert.Equal(published.Arrows.AsEnumerable(), declared.Arrows.AsEnumerable());
        Assert.Equal(Diagram.Render(published, DiagramMetrics.Wide).ToString(), Diagram.Render(declared, DiagramMetrics.Wide).ToString());
    }
}
