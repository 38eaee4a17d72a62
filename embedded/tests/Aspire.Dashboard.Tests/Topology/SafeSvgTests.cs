using Aspire.Dashboard.Components.Topology;

namespace Aspire.Dashboard.Tests.Topology;

public class SafeSvgTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<rect onclick=\"alert(1)\"/>")]
    [InlineData("<foreignObject/>")]
    [InlineData("<a href=\"javascript:alert(1)\"/>")]
    [InlineData("<a href=\"https://elsewhere.example\"/>")]
    [InlineData("<a xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#x\"/>")]
    [InlineData("<rect style=\"fill:url(https://elsewhere.example)\"/>")]
    [InlineData("<div xmlns=\"http://www.w3.org/1999/xhtml\"/>")]
    [InlineData("<g>")]
    public void Refuses_what_could_do_something(string content)
        => Assert.Throws<FormatException>(() => SafeSvg.Check($"<svg xmlns=\"http://www.w3.org/2000/svg\">{content}</svg>"));

    [Fact]
    public void Refuses_a_document_type()
        => Assert.Throws<FormatException>(() => SafeSvg.Check("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg xmlns=\"http://www.w3.org/2000/svg\"/>"));

    [Fact]
    public void An_arrow_becomes_a_link_to_its_flow()
        => Assert.Contains("href=\"topology?flow=a-b\"", SafeSvg.Check("<svg xmlns=\"http://www.w3.org/2000/svg\"><a data-flow=\"a-b\" href=\"#flow-1\"/></svg>"), StringComparison.Ordinal);
}
