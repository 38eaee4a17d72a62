using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>Reads a projection document. Find knows <c>$slice</c>, <c>$elemMatch</c> and positional paths, <c>$project</c> does not.</summary>
internal sealed class ProjectionParser(QueryContext context, bool find)
{
    private bool _elemMatch;
    private bool _idIncluded;

    public ProjectionNode Root { get; } = ProjectionNode.Root();

    public ProjectionKind Kind { get; private set; }

    public bool IdExcluded { get; private set; }

    public bool HasPositional { get; private set; }

    public void Parse(BsonDoc specification)
    {
        foreach (BsonElement element in specification)
        {
            ParseField(element.Name, element.Value, prefix: "");
        }
        if (Kind == ProjectionKind.Undecided)
        {
            // Only _id and $slice were given: _id: 1 or $elemMatch includes, anything else excludes.
            Kind = _idIncluded || _elemMatch ? ProjectionKind.Inclusion : ProjectionKind.Exclusion;
        }
    }

    private void ParseField(string name, BsonValue value, string prefix)
    {
        if (name.EndsWith(".$", StringComparison.Ordinal))
        {
            ParsePositional(name, value, prefix);
            return;
        }
        if (name.Contains(".$.", StringComparison.Ordinal))
        {
            throw PositionalInMiddle();
        }
        FieldPath path = ExpressionParser.CheckedPath(name);
        var full = new FieldPath(prefix + name);
        bool id = full.Text == "_id";
        if (value.IsDocument)
        {
            ParseDocument(full, value.AsDocument, nested: prefix.Length > 0 || path.Count > 1);
        }
        else if (value.IsNumber || value.Type == BsonType.Boolean)
        {
            if (value.IsTruthy)
            {
                Include(full, new IncludeLeaf(), id, name);
            }
            else
            {
                Exclude(full, id, name);
            }
        }
        else
        {
            Compute(full, value);
        }
    }

    private void ParsePositional(string name, BsonValue value, string prefix)
    {
        if (!find)
        {
            throw new MongoError(31324, "Cannot use positional projection in aggregation projection");
        }
        string path = name[..^2];
        if (path.Contains(".$.", StringComparison.Ordinal) || path.EndsWith(".$", StringComparison.Ordinal))
        {
            throw PositionalInMiddle();
        }
        ExpressionParser.CheckedPath(path);
        if (!value.IsTruthy)
        {
            throw new MongoError(31395, "positional projection cannot be used with exclusion");
        }
        if (!value.IsNumber && value.Type != BsonType.Boolean)
        {
            throw new MongoError(31271, "positional projection should not have a value");
        }
        if (HasPositional)
        {
            throw new MongoError(31276, "Cannot specify more than one positional projection per query.");
        }
        if (_elemMatch)
        {
            throw new MongoError(31256, "Cannot specify positional operator and $elemMatch.");
        }
        HasPositional = true;
        Include(new FieldPath(prefix + path), new PositionalLeaf(), id: false, path);
    }

    private void ParseDocument(FieldPath path, BsonDoc document, bool nested)
    {
        if (document.IsEmpty)
        {
            throw new MongoError(51270, "An empty sub-projection is not a valid value. Found empty object at path");
        }
        string first = document.First.Name;
        if (!first.StartsWith('$') || document.Count > 1)
        {
            foreach (BsonElement element in document)
            {
                ParseField(element.Name, element.Value, path.Text + ".");
            }
            return;
        }
        BsonValue argument = document.First.Value;
        if (find && first == "$slice" && TrySlice(argument, out SliceLeaf? slice))
        {
            Root.Add(path, slice!);
        }
        else if (find && first == "$elemMatch")
        {
            ParseElemMatch(path, argument, nested);
        }
        else if (find && first == "$meta")
        {
            throw new MongoError(ErrorCode.NotImplemented, $"the projection operator {document} needs a text index, which is not supported");
        }
        else
        {
            if (!ExpressionOperators.IsKnown(first))
            {
                throw new MongoError(31325, $"Unknown expression {first}");
            }
            Compute(path, BsonValue.Document(document));
        }
    }

    private void ParseElemMatch(FieldPath path, BsonValue argument, bool nested)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(31274, $"elemMatch: Invalid argument, object required, but got {argument.Type.Name()}");
        }
        if (nested)
        {
            throw new MongoError(31275, "Cannot use $elemMatch projection on a nested field");
        }
        if (HasPositional)
        {
            throw new MongoError(31255, "Cannot specify positional operator and $elemMatch.");
        }
        _elemMatch = true;
        ValuePredicate condition = OperatorParser.ParseElementCondition(argument.AsDocument, path.Text, context);
        Root.Add(path, new ElemMatchLeaf(condition));
    }

    private void Include(FieldPath path, ProjectionLeaf leaf, bool id, string name)
    {
        Root.Add(path, leaf);
        if (id)
        {
            _idIncluded = true;
            return;
        }
        if (Kind == ProjectionKind.Exclusion)
        {
            throw new MongoError(31253, $"Cannot do inclusion on field {name} in exclusion projection");
        }
        Kind = ProjectionKind.Inclusion;
    }

    private void Exclude(FieldPath path, bool id, string name)
    {
        Root.Add(path, new ExcludeLeaf());
        if (id)
        {
            IdExcluded = true;
            return;
        }
        if (Kind == ProjectionKind.Inclusion)
        {
            throw new MongoError(31254, $"Cannot do exclusion on field {name} in inclusion projection");
        }
        Kind = ProjectionKind.Exclusion;
    }

    private void Compute(FieldPath path, BsonValue value)
    {
        if (Kind == ProjectionKind.Exclusion)
        {
            throw new MongoError(31252, "Cannot use expression other than $meta in exclusion projection");
        }
        Kind = ProjectionKind.Inclusion;
        Root.Add(path, new ComputedLeaf(Expression.Parse(value, context)));
    }

    // A number or two numbers; other arrays are the aggregation operator of the same name.
    private static bool TrySlice(BsonValue argument, out SliceLeaf? slice)
    {
        slice = null;
        if (argument.IsNumber)
        {
            slice = new SliceLeaf(null, ToInt(argument));
            return true;
        }
        if (!argument.IsArray)
        {
            return false;
        }
        List<BsonValue> parts = [];
        foreach (BsonElement element in argument.AsDocument)
        {
            parts.Add(element.Value);
        }
        if (parts.Count != 2 || !parts[0].IsNumber)
        {
            return false;
        }
        if (!parts[1].IsNumber || ToInt(parts[1]) <= 0)
        {
            throw new MongoError(28729, $"Third argument to $slice must be positive: {BsonText.ToShell(parts[1])}");
        }
        slice = new SliceLeaf(ToInt(parts[0]), ToInt(parts[1]));
        return true;
    }

    private static int ToInt(BsonValue number) => (int)Math.Clamp(number.ToInt64Saturating(), int.MinValue + 1, int.MaxValue);

    private static MongoError PositionalInMiddle() => new(
        31394,
        "As of 4.4, it's illegal to specify positional operator in the middle of a path."
        + "Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form "
        + "like a.b.$.d, remove the parts following the '$' and the results will be equivalent.");
}
