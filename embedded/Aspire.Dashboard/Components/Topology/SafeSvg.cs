using System.Xml;
using System.Xml.Linq;

namespace Aspire.Dashboard.Components.Topology;

/// <summary>Lets a picture into a page only if it can do nothing: elements that draw, attributes that place and name, links within the picture.</summary>
internal static class SafeSvg
{
    private const int MaxLength = 512 * 1024;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly HashSet<string> Elements = ["svg", "g", "a", "path", "rect", "text", "title", "desc"];
    private static readonly HashSet<string> Attributes =
        ["class", "id", "d", "x", "y", "rx", "width", "height", "viewBox", "role", "font-size", "text-anchor", "aria-label", "aria-labelledby", "aria-hidden", "data-flow", "data-part", "href"];

    /// <summary>The picture, with each arrow a link to its details.</summary>
    /// <param name="text">The picture as somebody handed it over.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="FormatException">It is no SVG, or holds what is not allowed: which.</exception>
    public static string Check(string text)
    {
        XElement root;
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxLength });
            root = XElement.Load(reader);
        }
        catch (XmlException error)
        {
            throw new FormatException($"The picture is no XML: {error.Message}", error);
        }

        foreach (var element in root.DescendantsAndSelf())
        {
            if (element.Name.Namespace != Svg || !Elements.Contains(element.Name.LocalName))
            {
                throw new FormatException($"The picture holds the element <{element.Name.LocalName}>, which is not allowed.");
            }

            foreach (var attribute in element.Attributes().Where(a => !(a.IsNamespaceDeclaration && a.Value == Svg.NamespaceName)))
            {
                if (attribute.Name.Namespace != XNamespace.None || !Attributes.Contains(attribute.Name.LocalName) || (attribute.Name == "href" && !attribute.Value.StartsWith('#')))
                {
                    throw new FormatException($"The picture holds the attribute {attribute.Name.LocalName} at <{element.Name.LocalName}>, which is not allowed.");
                }
            }

            if (element.Attribute("href") is { } href && element.Attribute("data-flow") is { } flow)
            {
                href.Value = $"topology?flow={Uri.EscapeDataString(flow.Value)}";
            }
        }

        return root.ToString(SaveOptions.DisableFormatting);
    }
}
