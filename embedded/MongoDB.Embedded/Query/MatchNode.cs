using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>A compiled condition on a whole document.</summary>
internal abstract class MatchNode
{
    /// <param name="document">The document, or the embedded one that <c>$elemMatch</c> looks at.</param>
    /// <param name="position">Set to the array index that a positional <c>$</c> means when an array made it match.</param>
    public abstract bool Matches(BsonDoc document, ref int position);
}

internal sealed class AndNode(MatchNode[] children) : MatchNode
{
    public override bool Matches(BsonDoc document, ref int position)
    {
        foreach (MatchNode child in children)
        {
            if (!child.Matches(document, ref position))
            {
                return false;
            }
        }
        return true;
    }
}

internal sealed class OrNode(MatchNode[] children) : MatchNode
{
    public override bool Matches(BsonDoc document, ref int position)
    {
        foreach (MatchNode child in children)
        {
            if (child.Matches(document, ref position))
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>Negation; what matched inside it is no position.</summary>
internal sealed class NotNode(MatchNode child) : MatchNode
{
    public override bool Matches(BsonDoc document, ref int position)
    {
        int ignored = Paths.NoPosition;
        return !child.Matches(document, ref ignored);
    }
}

internal sealed class ConstantNode(bool value) : MatchNode
{
    public override bool Matches(BsonDoc document, ref int position) => value;
}

/// <summary>A predicate that one of the values at a path satisfies.</summary>
internal sealed class PathNode(FieldPath path, ValuePredicate predicate) : MatchNode
{
    private readonly bool _traverseLeaf = predicate.TraversesArrays;

    public override bool Matches(BsonDoc document, ref int position)
    {
        // The commonest case, a top-level field that is no array, needs no walk.
        if (path.Count == 1)
        {
            BsonValue value = document.Get(path.Segment(0));
            if (!value.IsArray)
            {
                return predicate.Test(value, ref position);
            }
        }
        int outer = Paths.NoPosition;
        var visitor = new Visitor(predicate);
        if (!Paths.Walk(document, path, _traverseLeaf, ref visitor, ref outer))
        {
            return false;
        }
        // The outermost array that was traversed implicitly is the one a positional operator means.
        int found = outer != Paths.NoPosition ? outer : visitor.Position;
        if (found != Paths.NoPosition)
        {
            position = found;
        }
        return true;
    }

    private struct Visitor(ValuePredicate predicate) : IPathVisitor
    {
        public int Position = Paths.NoPosition;

        public bool Visit(BsonValue value) => predicate.Test(value, ref Position);
    }
}
