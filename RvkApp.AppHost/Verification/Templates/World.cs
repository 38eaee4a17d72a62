using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace RvkApp.AppHost.Verification;

/// <summary>A template with every condition decided: which resources there are, and their properties.</summary>
internal sealed class World
{
    private readonly FrozenDictionary<string, Resource> _byId;

    /// <summary>Resolves a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="conditions">What its conditions are.</param>
    /// <param name="assumption">What that takes for granted, as a clause; <see langword="null"/> where nothing is.</param>
    public World(Template template, Conditions conditions, string? assumption)
    {
        Template = template;
        Assumption = assumption;
        var intrinsics = new Intrinsics(template, conditions);
        var unresolved = ImmutableArray.CreateBuilder<Problem>();
        var resources = ImmutableArray.CreateBuilder<Resource>();
        foreach (var declared in template.Root.GetProperty(nameof(Resources)).EnumerateObject())
        {
            var body = declared.Value;
            if (body.TryGetProperty("Condition", out var condition) && condition.GetString() is { } name)
            {
                var holds = conditions.Holds(name);
                if (holds is null)
                {
                    unresolved.Add(new(declared.Name, $"{declared.Name} exists only if the condition {name} holds, which cannot be told",
                        $"define the condition {name} by Fn::Equals, Fn::And, Fn::Or and Fn::Not; the resource is taken to exist"));
                }

                if (holds == false)
                {
                    continue;
                }
            }

            var properties = body.TryGetProperty("Properties", out var written) ? intrinsics.Resolve(written) : Mapping.Empty;
            resources.Add(new(declared.Name, body.GetProperty("Type").GetString()!, properties, Policy(body, "DeletionPolicy"), Policy(body, "UpdateReplacePolicy")));
        }

        Resources = resources.ToImmutable();
        _byId = Resources.ToFrozenDictionary(resource => resource.Id, StringComparer.Ordinal);
        Outputs = template.Root.TryGetProperty(nameof(Outputs), out var outputs) ? intrinsics.Resolve(outputs) : Mapping.Empty;
        Unresolved = unresolved.ToImmutable();
    }

    /// <summary>The template.</summary>
    public Template Template { get; }

    /// <summary>What is taken for granted, as a clause; <see langword="null"/> where nothing is.</summary>
    public string? Assumption { get; }

    /// <summary>The resources, in the order of the template.</summary>
    public ImmutableArray<Resource> Resources { get; }

    /// <summary>The outputs.</summary>
    public Value Outputs { get; }

    /// <summary>Resources of which it cannot be told whether they exist.</summary>
    public ImmutableArray<Problem> Unresolved { get; }

    /// <summary>The resource of a logical id.</summary>
    public Resource? Find(string? id) => id is not null && _byId.TryGetValue(id, out var resource) ? resource : null;

    /// <summary>The resource whose id or attribute a value is, of a given type.</summary>
    public Resource? Target(Value? value, string type) => value is Reference reference && Find(reference.Id) is { } found && found.Type == type ? found : null;

    /// <summary>The resources of a type.</summary>
    public IEnumerable<Resource> OfType(string type) => Resources.Where(resource => resource.Type == type);

    private static string? Policy(JsonElement body, string name) => body.TryGetProperty(name, out var policy) && policy.ValueKind == JsonValueKind.String ? policy.GetString() : null;
}
