using RvkApp.AppHost.Topology;
using RvkApp.AppHost.Topology.Live;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.Tests.Topology.Live;

public class DeclaredDiagramTests(SynthesizedTopology topology)
{
    [Fact]
    public async Task Is_the_picture_of_the_synthesized_template()
    {
        var template = Template.Parse((await topology.DefaultAsync()).Json, "RvkApp.template.json");
        var published = new TopologyDiagram(LandscapeReader.Read(template), template, Verifier.Verify(template, new VerificationOptions())).Make();
        var declared = DeclaredDiagram.Make(new TopologyOptions());

        Assert.Equal(published.Nodes.AsEnumerable(), declared.Nodes.AsEnumerable());
        Assert.Equal(published.Arrows.AsEnumerable(), declared.Arrows.AsEnumerable());
        Assert.Equal(Diagram.Render(published, DiagramMetrics.Wide).ToString(), Diagram.Render(declared, DiagramMetrics.Wide).ToString());
    }
}
