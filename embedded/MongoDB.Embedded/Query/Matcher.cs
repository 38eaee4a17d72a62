using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>A query filter, parsed once and run on the bytes of any number of documents; safe to share between threads.</summary>
internal sealed class Matcher
{
    private readonly MatchNode _root;

    private Matcher(BsonDoc filter, MatchNode root, IReadOnlyList<PathPredicate> conjuncts)
    {
        Filter = filter;
        _root = root;
        Conjuncts = conjuncts;
    }

    /// <summary>A matcher that every document passes.</summary>
    public static Matcher All { get; } = Parse(BsonDoc.Empty, QueryContext.Create());

    /// <summary>The filter as it came.</summary>
    public BsonDoc Filter { get; }

    /// <summary>The path conditions that all must hold, flattened out of <c>$and</c>; there may be others besides.</summary>
    public IReadOnlyList<PathPredicate> Conjuncts { get; }

    /// <summary>Whether there is no condition at all.</summary>
    public bool IsEmpty => Filter.IsEmpty;

    /// <exception cref="Errors.MongoError">The filter is malformed or uses an operator that is not supported.</exception>
    public static Matcher Parse(BsonDoc filter, QueryContext context)
    {
        // The operands are slices of the filter, which must outlive the request's buffer.
        BsonDoc owned = filter.Detach();
        var parser = new MatchParser(context);
        MatchNode root = parser.ParseTop(owned);
        return new Matcher(owned, root, parser.Conjuncts);
    }

    /// <summary>A matcher of what all of several match.</summary>
    public static Matcher And(IReadOnlyList<Matcher> matchers)
    {
        using var writer = new BsonWriter();
        writer.StartArray("$and");
        for (int i = 0; i < matchers.Count; i++)
        {
            writer.Write(i, BsonValue.Document(matchers[i].Filter));
        }
        writer.End();
        return new Matcher(
            writer.ToDocument(),
            new AndNode([.. matchers.Select(m => m._root)]),
            [.. matchers.SelectMany(m => m.Conjuncts)]);
    }

    public bool IsMatch(BsonDoc document)
    {
        int position = Paths.NoPosition;
        return _root.Matches(document, ref position);
    }

    /// <summary>As <see cref="IsMatch(BsonDoc)"/>, and where in an array the match was found.</summary>
    public bool IsMatch(BsonDoc document, out MatchDetails details)
    {
        int position = Paths.NoPosition;
        bool matches = _root.Matches(document, ref position);
        details = matches && position != Paths.NoPosition ? new MatchDetails(position) : default;
        return matches;
    }
}

/// <summary>What a match found out: the array index that a positional <c>$</c> stands for. <c>default</c> has none.</summary>
internal readonly struct MatchDetails
{
    private readonly int _positionPlusOne;

    public MatchDetails(int position) => _positionPlusOne = position + 1;

    public bool HasPosition => _positionPlusOne > 0;

    public int Position => HasPosition ? _positionPlusOne - 1 : throw new InvalidOperationException("no array position matched");
}
