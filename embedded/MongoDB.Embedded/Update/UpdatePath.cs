using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

internal enum SegmentKind
{
    /// <summary>A field name or an array index.</summary>
    Name,

    /// <summary><c>$</c>: the element that the query matched.</summary>
    Matched,

    /// <summary><c>$[]</c>: every element.</summary>
    All,

    /// <summary><c>$[identifier]</c>: the elements an array filter takes.</summary>
    Filtered,
}

/// <summary>The path of an update operator, with its positional segments recognised.</summary>
internal sealed class UpdatePath
{
    private UpdatePath(string text, string[] segments, SegmentKind[] kinds)
    {
        Text = text;
        Segments = segments;
        Kinds = kinds;
    }

    public string Text { get; }

    /// <summary>Names; for a filtered segment the identifier.</summary>
    public IReadOnlyList<string> Segments { get; }

    public IReadOnlyList<SegmentKind> Kinds { get; }

    public bool IsPositional => Kinds.Any(k => k != SegmentKind.Name);

    public FieldPath ToFieldPath() => new(Text);

    /// <exception cref="MongoError">EmptyFieldName (56), or BadValue (2) for a misplaced positional segment.</exception>
    public static UpdatePath Parse(string text)
    {
        if (text.Length == 0)
        {
            throw new MongoError(ErrorCode.EmptyFieldName, "An empty update path is not valid.");
        }
        string[] segments = text.Split('.');
        var kinds = new SegmentKind[segments.Length];
        int matched = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            string segment = segments[i];
            if (segment.Length == 0)
            {
                throw new MongoError(ErrorCode.EmptyFieldName, $"The update path '{text}' contains an empty field name, which is not allowed.");
            }
            kinds[i] = Kind(segment);
            if (kinds[i] == SegmentKind.Name)
            {
                continue;
            }
            if (i == 0)
            {
                string which = kinds[i] == SegmentKind.Matched ? "positional (i.e. '$') element" : "array filter identifier";
                throw MongoError.BadValue(kinds[i] == SegmentKind.Matched
                    ? $"Cannot have {which} in the first position in path '{text}'"
                    : $"Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '{text}'");
            }
            if (kinds[i] == SegmentKind.Matched && ++matched > 1)
            {
                throw MongoError.BadValue($"Too many positional (i.e. '$') elements found in path '{text}'");
            }
            if (kinds[i] == SegmentKind.Filtered)
            {
                segments[i] = segment[2..^1];
            }
        }
        return new UpdatePath(text, segments, kinds);
    }

    /// <inheritdoc />
    public override string ToString() => Text;

    private static SegmentKind Kind(string segment) => segment switch
    {
        "$" => SegmentKind.Matched,
        "$[]" => SegmentKind.All,
        _ when segment.StartsWith("$[", StringComparison.Ordinal) && segment[^1] == ']' => SegmentKind.Filtered,
        _ => SegmentKind.Name,
    };
}
