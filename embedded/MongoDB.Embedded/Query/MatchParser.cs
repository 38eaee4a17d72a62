using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>Compiles filters: the logical operators and fields here, the operators on a field in <see cref="OperatorParser"/>.</summary>
internal sealed class MatchParser(QueryContext context)
{
    private readonly List<PathPredicate> _conjuncts = [];

    public IReadOnlyList<PathPredicate> Conjuncts => _conjuncts;

    /// <summary>A filter on whole documents; fills <see cref="Conjuncts"/>.</summary>
    public MatchNode ParseTop(BsonDoc filter) => Parse(filter, topLevel: true, collect: true);

    /// <summary>A filter on embedded documents, inside <c>$elemMatch</c>.</summary>
    public MatchNode ParseNested(BsonDoc filter) => Parse(filter, topLevel: false, collect: true);

    private MatchNode Parse(BsonDoc filter, bool topLevel, bool collect)
    {
        var children = new List<MatchNode>();
        foreach (BsonElement element in filter)
        {
            string name = element.Name;
            MatchNode? child = name.StartsWith('$')
                ? ParseOperator(name, element, topLevel, collect)
                : ParseField(name, element.Value, collect);
            if (child is not null)
            {
                children.Add(child);
            }
        }
        return Combine(children);
    }

    private static MatchNode Combine(List<MatchNode> children) => children.Count switch
    {
        0 => new ConstantNode(true),
        1 => children[0],
        _ => new AndNode([.. children]),
    };

    private MatchNode? ParseOperator(string name, BsonElement element, bool topLevel, bool collect)
    {
        switch (name)
        {
            case "$and":
                return Combine(ParseList(name, element.Value, topLevel, collect));
            case "$or":
                // An $or of one is no choice: its condition must hold and may serve the planner and an upsert.
                bool single = element.Value.IsArray && element.Value.AsDocument.Count == 1;
                return new OrNode([.. ParseList(name, element.Value, topLevel, collect && single)]);
            case "$nor":
                return new NotNode(new OrNode([.. ParseList(name, element.Value, topLevel, collect: false)]));
            case "$comment":
                return null;
            case "$alwaysTrue" or "$alwaysFalse":
                return element.Value.TryToInt64Exact(out long one) && one == 1
                    ? new ConstantNode(name == "$alwaysTrue")
                    : throw MongoError.FailedToParse($"{name} must be an integer value of 1");
            case "$expr":
                return topLevel
                    ? new ExprNode(Expression.Parse(element.Value, context))
                    : throw MongoError.BadValue("$expr can only be applied to the top-level document");
            case "$where" or "$text" or "$jsonSchema" or "$sampleRate":
                throw new MongoError(ErrorCode.NotImplemented, $"the query operator {name} is not supported");
            default:
                throw MongoError.BadValue(
                    $"unknown top level operator: {name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.");
        }
    }

    private List<MatchNode> ParseList(string name, BsonValue value, bool topLevel, bool collect)
    {
        if (!value.IsArray)
        {
            throw MongoError.BadValue($"{name} must be an array");
        }
        var children = new List<MatchNode>();
        foreach (BsonElement element in value.AsDocument)
        {
            if (element.Type != BsonType.Document)
            {
                throw MongoError.BadValue("$or/$and/$nor entries need to be full objects");
            }
            children.Add(Parse(element.Value.AsDocument, topLevel, collect));
        }
        return children.Count > 0 ? children : throw MongoError.BadValue("$and/$or/$nor must be a nonempty array");
    }

    private MatchNode ParseField(string name, BsonValue value, bool collect)
    {
        var operators = new OperatorParser(name, context);
        OperatorNode condition = operators.ParseValue(value);
        var path = new FieldPath(name);
        if (collect)
        {
            condition.AddConjuncts(name, _conjuncts);
        }
        return condition.ToMatchNode(path);
    }
}

/// <summary><c>$expr</c>: an aggregation expression that is truthy.</summary>
internal sealed class ExprNode(Expression expression) : MatchNode
{
    public override bool Matches(BsonDoc document, ref int position) => expression.Evaluate(document).IsTruthy;
}
