using System.Collections.Concurrent;
using System.Text.Json;

namespace RvkApp.Tests.Topology.Specification.Reading;

/// <summary>
/// A synthesized CloudFormation template as tests read it. It shares nothing with the code that builds or verifies the stack, so that a
/// misreading there is seen here.
/// </summary>
internal sealed class PublishedTemplate
{
    private static readonly ConcurrentDictionary<string, PublishedTemplate> Read = new(StringComparer.Ordinal);

    private PublishedTemplate(string text)
    {
        Text = text;
        Root = JsonDocument.Parse(text).RootElement;
        Resources = Root.TryGetProperty(nameof(Resources), out var resources)
            ? resources.EnumerateObject().ToDictionary(r => r.Name, r => new PublishedResource(this, r.Name, r.Value), StringComparer.Ordinal)
            : [];
    }

    /// <summary>The template as it was written.</summary>
    public string Text { get; }

    /// <summary>The whole document.</summary>
    public JsonElement Root { get; }

    /// <summary>Every resource by its logical id.</summary>
    public IReadOnlyDictionary<string, PublishedResource> Resources { get; }

    /// <summary>Reads a template that many tests look at; it is read once.</summary>
    public static PublishedTemplate Of(string text) => Read.GetOrAdd(text, Parse);

    /// <summary>Reads a template that a test wrote itself.</summary>
    public static PublishedTemplate Parse(string text) => new(text);

    /// <summary>The resources of a type, such as <c>AWS::EC2::Subnet</c>.</summary>
    public IReadOnlyList<PublishedResource> OfType(string type) => [.. Resources.Values.Where(r => r.Type == type)];

    /// <summary>The one resource of a type.</summary>
    public PublishedResource Single(string type)
    {
        var all = OfType(type);
        Assert.True(all.Count == 1, $"There should be one {type}; there are {all.Count}: {string.Join(", ", all.Select(r => r.LogicalId))}");
        return all[0];
    }

    /// <summary>The one resource of a type whose property has a text.</summary>
    public PublishedResource Single(string type, string property, string text)
    {
        var all = OfType(type);
        var found = all.Where(r => r[property].OptionalText == text).ToArray();
        Assert.True(
            found.Length == 1,
            $"There should be one {type} with {property} '{text}'; there are {found.Length}. Those of the type have: {string.Join(", ", all.Select(r => $"{r.LogicalId} '{r[property].OptionalText}'"))}");
        return found[0];
    }

    /// <summary>The outputs by name.</summary>
    public IReadOnlyList<(string Name, TemplateValue Value)> Outputs
        => Root.TryGetProperty(nameof(Outputs), out var outputs) ? new TemplateValue(this, nameof(Outputs), outputs).Members : [];
}
