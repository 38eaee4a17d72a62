using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>
/// The operators given for one field, before it is known what they apply to: a path of a document, where each operator walks
/// the path for itself, or one element of an array (the value form of <c>$elemMatch</c>), where they all see the same value.
/// </summary>
internal abstract class OperatorNode
{
    public abstract MatchNode ToMatchNode(FieldPath path);

    public abstract ValuePredicate ToValuePredicate();

    /// <summary>Adds what a planner can use.</summary>
    public abstract void AddConjuncts(string path, List<PathPredicate> conjuncts);
}

internal sealed class OperatorLeaf(ValuePredicate predicate, PredicateKind kind, BsonValue operand = default) : OperatorNode
{
    public IReadOnlyList<BsonValue> Values { get; init; } = [];

    public IReadOnlyList<BsonType> Types { get; init; } = [];

    public string? Prefix { get; init; }

    public IReadOnlyList<PathPredicate> Inner { get; init; } = [];

    public override MatchNode ToMatchNode(FieldPath path) => new PathNode(path, predicate);

    public override ValuePredicate ToValuePredicate() => predicate;

    public override void AddConjuncts(string path, List<PathPredicate> conjuncts) =>
        conjuncts.Add(new PathPredicate(path, kind, operand) { Values = Values, Types = Types, Prefix = Prefix, Inner = Inner });
}

internal sealed class OperatorNot(OperatorNode inner, bool notExists = false) : OperatorNode
{
    public override MatchNode ToMatchNode(FieldPath path) => new NotNode(inner.ToMatchNode(path));

    public override ValuePredicate ToValuePredicate() => new NotPredicate(inner.ToValuePredicate());

    public override void AddConjuncts(string path, List<PathPredicate> conjuncts) =>
        conjuncts.Add(new PathPredicate(path, notExists ? PredicateKind.Exists : PredicateKind.Other, notExists ? BsonValue.False : default));
}

internal sealed class OperatorAnd(IReadOnlyList<OperatorNode> parts) : OperatorNode
{
    public override MatchNode ToMatchNode(FieldPath path) => parts.Count switch
    {
        0 => new ConstantNode(true),
        1 => parts[0].ToMatchNode(path),
        _ => new AndNode([.. parts.Select(p => p.ToMatchNode(path))]),
    };

    public override ValuePredicate ToValuePredicate() => parts.Count == 1
        ? parts[0].ToValuePredicate()
        : new AllOfPredicate([.. parts.Select(p => p.ToValuePredicate())]);

    public override void AddConjuncts(string path, List<PathPredicate> conjuncts)
    {
        foreach (OperatorNode part in parts)
        {
            part.AddConjuncts(path, conjuncts);
        }
    }
}

/// <summary>What nothing satisfies: <c>$all: []</c>, <c>$in: []</c> and <c>$type</c> of no type.</summary>
internal sealed class OperatorNever : OperatorNode
{
    public override MatchNode ToMatchNode(FieldPath path) => new ConstantNode(false);

    public override ValuePredicate ToValuePredicate() => new TypePredicate([]);

    public override void AddConjuncts(string path, List<PathPredicate> conjuncts) =>
        conjuncts.Add(new PathPredicate(path, PredicateKind.In, default));
}
