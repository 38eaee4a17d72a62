using System.Text;
using RvkApp.Tests.Topology.Specification.Reading;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>CloudFormation takes the template: it is whole, without circles, and within the quotas.</summary>
public sealed class TemplateIntegrityTests(SynthesizedTopology topology) : TopologyTest(topology)
{
    [Fact]
    public void Every_name_in_the_template_leads_somewhere() => Assert.Empty(TemplateIntegrity.Dangling(Template));

    [Fact]
    public void No_resources_need_each_other_first() => Assert.Empty(TemplateIntegrity.Cycle(Template));

    [Fact]
    public void The_template_is_under_1_MB_and_500_resources()
    {
        Assert.InRange(Encoding.UTF8.GetByteCount(Template.Text), 1, 999_999);
        Assert.InRange(Template.Resources.Count, 1, 499);
    }

    [Fact]
    public void Names_are_within_the_quotas()
    {
        Assert.All(Template.Resources.Keys, id => Assert.Matches("^[A-Za-z0-9]{1,255}$", id));
        Assert.All(Template.OfType("AWS::Lambda::Function"), f => Assert.InRange(f["FunctionName"].Text.Length, 1, 64));
    }
}
