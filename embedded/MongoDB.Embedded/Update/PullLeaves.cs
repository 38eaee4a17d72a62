using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>Operators that only take elements away, and so never make a field.</summary>
internal abstract class RemovingLeaf(string name) : UpdateLeaf
{
    public override bool Creates(UpdateRun run) => false;

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (!current.IsArray)
        {
            throw MongoError.BadValue($"Cannot apply {name} to a non-array value");
        }
        List<BsonValue> array = ArrayElements.Read(current);
        return array.RemoveAll(Removes) > 0 ? ArrayElements.Write(array) : current;
    }

    protected abstract bool Removes(BsonValue element);
}

/// <summary>
/// <c>$pull</c>: operators and regular expressions are a condition on each element, a document one on the fields of elements
/// that are documents, anything else a value to equal.
/// </summary>
internal sealed class PullLeaf : RemovingLeaf
{
    private readonly BsonValue _value;
    private readonly MatchNode? _condition;
    private readonly bool _wrapped;

    public PullLeaf(BsonValue value, QueryContext context)
        : base("$pull")
    {
        _value = value;
        if (value.Type == BsonType.Regex || OperatorParser.IsOperatorDocument(value))
        {
            _wrapped = true;
            _condition = new OperatorParser("", context).ParseValue(value).ToMatchNode(new FieldPath(""));
        }
        else if (value.IsDocument)
        {
            _condition = new MatchParser(context).ParseNested(value.AsDocument);
        }
    }

    protected override bool Removes(BsonValue element)
    {
        if (_condition is null)
        {
            return BsonCompare.Equals(element, _value);
        }
        int position = Paths.NoPosition;
        if (!_wrapped)
        {
            return element.IsDocument && _condition.Matches(element.AsDocument, ref position);
        }
        // A condition sees an element as it would see a field, so that one which is an array is traversed.
        using var writer = new BsonWriter();
        writer.Write("", element);
        return _condition.Matches(writer.ToDocument(), ref position);
    }
}

/// <summary><c>$pullAll</c>: every element equal to one of the values.</summary>
internal sealed class PullAllLeaf(HashSet<BsonValue> values) : RemovingLeaf("$pullAll")
{
    /// <exception cref="MongoError">BadValue (2).</exception>
    public static PullAllLeaf Parse(BsonElement element) => element.Value.IsArray
        ? new PullAllLeaf(new HashSet<BsonValue>(ArrayElements.Read(element.Value), BsonValueComparer.Instance))
        : throw MongoError.BadValue($"$pullAll requires an array argument but was given a {element.Type.Name()}");

    protected override bool Removes(BsonValue element) => values.Contains(element);
}

/// <summary><c>$pop</c>: the last element (1) or the first (-1).</summary>
internal sealed class PopLeaf(bool first) : UpdateLeaf
{
    public override bool Creates(UpdateRun run) => false;

    /// <exception cref="MongoError">FailedToParse (9).</exception>
    public static PopLeaf Parse(BsonElement element)
    {
        BsonValue value = element.Value;
        if (!value.IsNumber)
        {
            throw MongoError.FailedToParse($"Expected a number in: {element}");
        }
        if (!value.TryToInt64Exact(out long which))
        {
            throw MongoError.FailedToParse($"Expected an integer: {element}");
        }
        return which is 1 or -1 ? new PopLeaf(which == -1) : throw MongoError.FailedToParse($"$pop expects 1 or -1, found: {which}");
    }

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (!current.IsArray)
        {
            throw MongoError.TypeMismatch($"Path '{run.Path}' contains an element of non-array type '{current.Type.Name()}'");
        }
        List<BsonValue> array = ArrayElements.Read(current);
        if (array.Count == 0)
        {
            return current;
        }
        array.RemoveAt(first ? 0 : array.Count - 1);
        return ArrayElements.Write(array);
    }
}
