using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Concatenates and splits text of which parts are known only when the template is deployed.</summary>
internal static class Text
{
    /// <summary>The parts as one value: a literal if all are literals.</summary>
    public static Value Concatenate(IEnumerable<Value> parts)
    {
        var merged = new List<Value>();
        foreach (var part in parts.SelectMany(part => part is Composite composite ? composite.Parts.AsEnumerable() : [part]))
        {
            if (part is Scalar scalar && merged is [.., Scalar last])
            {
                merged[^1] = new Scalar(last.Text + scalar.Text);
            }
            else if (part is not Scalar { Text: "" })
            {
                merged.Add(part);
            }
        }

        return merged switch
        {
            [] => new Scalar(""),
            [var only] => only,
            _ => new Composite([.. merged]),
        };
    }

    /// <summary>
    /// Splits text; <see langword="null"/> where an unknown part may contain the delimiter. Ids and ARNs contain no comma, bar or space, so
    /// lists of them can be split.
    /// </summary>
    public static Sequence? Split(Value text, string delimiter)
    {
        if (delimiter.Length == 0)
        {
            return null;
        }

        if (text is Scalar scalar)
        {
            return new([.. scalar.Text.Split(delimiter).Select(item => new Scalar(item))]);
        }

        if (text is not Composite composite || delimiter.AsSpan().IndexOfAny(",| ") < 0 || composite.Parts.Any(part => part is Opaque))
        {
            return null;
        }

        var items = ImmutableArray.CreateBuilder<Value>();
        var current = new List<Value>();
        foreach (var part in composite.Parts)
        {
            if (part is not Scalar literal)
            {
                current.Add(part);
                continue;
            }

            var pieces = literal.Text.Split(delimiter);
            for (var index = 0; index < pieces.Length; index++)
            {
                if (index > 0)
                {
                    items.Add(Concatenate(current));
                    current.Clear();
                }

                current.Add(new Scalar(pieces[index]));
            }
        }

        items.Add(Concatenate(current));
        return new(items.ToImmutable());
    }
}
