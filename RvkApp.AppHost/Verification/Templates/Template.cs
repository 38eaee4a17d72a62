using System.Collections.Immutable;
using System.Text.Json;

namespace RvkApp.AppHost.Verification;

/// <summary>A CloudFormation template, whatever wrote it.</summary>
internal sealed class Template
{
    private readonly Lazy<Worlds> _worlds;

    private Template(string name, JsonElement root)
    {
        Name = name;
        Root = root;
        _worlds = new(() => Worlds.Of(this));
    }

    /// <summary>The file's name, without its directory.</summary>
    public string Name { get; }

    /// <summary>The template as it was written.</summary>
    public JsonElement Root { get; }

    /// <summary>Every way the template can turn out, given that some of its conditions cannot be decided here.</summary>
    public Worlds Worlds => _worlds.Value;

    /// <summary>The resources in the order of the template, as they are when every condition that cannot be decided holds.</summary>
    public ImmutableArray<Resource> Resources => Worlds.All[0].Resources;

    /// <summary>Reads a template in JSON.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TemplateException">The file cannot be read, is not JSON, or is not a template.</exception>
    public static Template Load(string path)
    {
        string json;
        try
        {
            json = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException($"The template {path} cannot be read: {error.Message} Publish first, or name the *.template.json under cdk.out.", error);
        }

        return Parse(json, Path.GetFileName(path));
    }

    /// <summary>Reads a template in JSON.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">The name to report.</param>
    /// <exception cref="TemplateException">The text is not JSON, or not a template.</exception>
    public static Template Parse(string json, string name)
    {
        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            root = document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw new TemplateException($"{name} is not JSON: {error.Message} A template in YAML has to be converted first (cdk synth --json, or cfn-flip).", error);
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(nameof(Resources), out var resources) || resources.ValueKind != JsonValueKind.Object)
        {
            throw new TemplateException($"{name} has no object \"Resources\", so it is no CloudFormation template: name the *.template.json under cdk.out.");
        }

        foreach (var resource in resources.EnumerateObject())
        {
            if (resource.Value.ValueKind != JsonValueKind.Object || !resource.Value.TryGetProperty("Type", out var type) || type.ValueKind != JsonValueKind.String)
            {
                throw new TemplateException(
                    $"The resource {resource.Name} of {name} has no \"Type\": expand Fn::ForEach and other macros first, and verify what they give.");
            }
        }

        return new(name, root);
    }

    /// <summary>An entry of a top-level section, such as a parameter or a mapping.</summary>
    public JsonElement? Entry(string section, string name) =>
        Root.TryGetProperty(section, out var entries) && entries.ValueKind == JsonValueKind.Object && entries.TryGetProperty(name, out var entry) ? entry : null;
}
