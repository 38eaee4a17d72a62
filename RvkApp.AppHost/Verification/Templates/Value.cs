using System.Collections.Immutable;
using System.Globalization;

namespace RvkApp.AppHost.Verification;

/// <summary>
/// A value of a template after its intrinsic functions were resolved as far as the template alone allows. Its text is canonical: two values
/// of equal text are the same in every deployment.
/// </summary>
internal abstract record Value
{
    /// <summary>The value of a property, or <see langword="null"/>.</summary>
    public virtual Value? this[string name] => null;

    /// <summary>The elements of a list; a single value counts as a list of one, as CloudFormation has it.</summary>
    public virtual ImmutableArray<Value> Items => [this];

    /// <summary>The text of a literal; <see langword="null"/> for anything else.</summary>
    public string? AsText => (this as Scalar)?.Text;

    /// <summary>The whole number of a literal, written as a number or as text; <see langword="null"/> for anything else.</summary>
    public int? AsInt => int.TryParse(AsText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The truth of a literal, written as a Boolean or as text; <see langword="null"/> for anything else.</summary>
    public bool? AsBool => bool.TryParse(AsText, out var truth) ? truth : null;

    /// <summary>Follows property names; <see langword="null"/> where one is missing.</summary>
    public Value? At(params ReadOnlySpan<string> path)
    {
        Value? value = this;
        foreach (var name in path)
        {
            value = value?[name];
        }

        return value;
    }

    /// <summary>Every value in this one, itself included, with the name of the property it stands under.</summary>
    public IEnumerable<(string? Name, Value Value)> Descendants(string? name = null)
    {
        yield return (name, this);
        var children = this switch
        {
            Mapping mapping => mapping.Entries.Select(entry => (Name: (string?)entry.Key, entry.Value)),
            Sequence sequence => sequence.Elements.Select(item => (Name: name, Value: item)),
            Composite composite => composite.Parts.Select(part => (Name: name, Value: part)),
            Opaque opaque => opaque.Inputs.Select(input => (Name: name, Value: input)),
            _ => [],
        };
        foreach (var child in children)
        {
            foreach (var descendant in child.Value.Descendants(child.Name))
            {
                yield return descendant;
            }
        }
    }

    /// <summary>Every resource attribute that this value is made of.</summary>
    public IEnumerable<Reference> References => Descendants().Select(found => found.Value).OfType<Reference>();

    /// <summary>Whether the value depends on a resource.</summary>
    public bool Mentions(string logicalId) => References.Any(reference => reference.Id == logicalId);
}

/// <summary>Text, a number or a Boolean, as text.</summary>
internal sealed record Scalar(string Text) : Value
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A list.</summary>
internal sealed record Sequence(ImmutableArray<Value> Elements) : Value
{
    /// <inheritdoc/>
    public override ImmutableArray<Value> Items => Elements;

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", Elements)}]";
}

/// <summary>An object: properties in the order of the template.</summary>
internal sealed record Mapping(ImmutableArray<KeyValuePair<string, Value>> Entries) : Value
{
    /// <summary>An object without properties.</summary>
    public static Mapping Empty { get; } = new([]);

    /// <inheritdoc/>
    public override Value? this[string name]
    {
        get
        {
            foreach (var entry in Entries)
            {
                if (entry.Key == name)
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{{{string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value}"))}}}";
}

/// <summary>What <c>Ref</c> or <c>Fn::GetAtt</c> names: an attribute of a resource, a pseudo parameter, or a parameter without a value.</summary>
/// <param name="Id">The logical id, or the name of the parameter.</param>
/// <param name="Attribute">The attribute; <see langword="null"/> for <c>Ref</c>.</param>
internal sealed record Reference(string Id, string? Attribute) : Value
{
    /// <inheritdoc/>
    public override string ToString() => Attribute is null ? $"${{{Id}}}" : $"${{{Id}.{Attribute}}}";
}

/// <summary>Text that is partly literal: the parts in order.</summary>
internal sealed record Composite(ImmutableArray<Value> Parts) : Value
{
    /// <inheritdoc/>
    public override string ToString() => string.Concat(Parts);
}

/// <summary>What the template alone does not tell: an import, an availability zone, a macro's result.</summary>
/// <param name="Expression">The expression, canonical.</param>
/// <param name="Reason">Why it cannot be resolved, as a clause.</param>
/// <param name="Inputs">The values it is computed from.</param>
internal sealed record Opaque(string Expression, string Reason, ImmutableArray<Value> Inputs) : Value
{
    /// <inheritdoc/>
    public override string ToString() => $"${{{Expression}}}";
}
