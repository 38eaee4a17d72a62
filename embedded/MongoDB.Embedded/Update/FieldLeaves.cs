using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary><c>$set</c>, and <c>$setOnInsert</c>, which takes part only when an upsert inserts.</summary>
internal sealed class SetLeaf(BsonValue value, bool onInsert) : UpdateLeaf
{
    public override bool Creates(UpdateRun run) => !onInsert || run.Insert;

    public override bool ToleratesBlockedPath => onInsert;

    public override BsonValue Apply(BsonValue current, UpdateRun run) => Creates(run) ? value : current;
}

internal sealed class UnsetLeaf : UpdateLeaf
{
    public override bool Creates(UpdateRun run) => false;

    public override bool ToleratesBlockedPath => true;

    public override BsonValue Apply(BsonValue current, UpdateRun run) => default;
}

/// <summary><c>$min</c> and <c>$max</c>: by BSON order.</summary>
internal sealed class CompareLeaf(BsonValue operand, bool max) : UpdateLeaf
{
    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (current.IsMissing)
        {
            return operand;
        }
        int order = BsonCompare.Compare(operand, current);
        return (max ? order > 0 : order < 0) ? operand : current;
    }
}

/// <summary><c>$currentDate</c>.</summary>
internal sealed class CurrentDateLeaf(bool timestamp) : UpdateLeaf
{
    public override BsonValue Apply(BsonValue current, UpdateRun run) =>
        timestamp ? BsonValue.Timestamp((uint)(run.Now.AsDateTimeMs / 1000), 1) : run.Now;

    /// <exception cref="MongoError">BadValue (2).</exception>
    public static CurrentDateLeaf Parse(BsonElement element)
    {
        BsonValue value = element.Value;
        if (value.Type == BsonType.Boolean)
        {
            return new CurrentDateLeaf(timestamp: false);
        }
        if (!value.IsDocument)
        {
            throw MongoError.BadValue(
                $"{value.Type.Name()} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({{$type: 'timestamp/date'}}).");
        }
        BsonValue type = default;
        foreach (BsonElement option in value.AsDocument)
        {
            if (option.Name != "$type")
            {
                throw MongoError.BadValue($"Unrecognized $currentDate option: {option.Name}");
            }
            type = option.Value;
        }
        return type.IsString && type.AsString is "date" or "timestamp"
            ? new CurrentDateLeaf(type.AsString == "timestamp")
            : throw MongoError.BadValue(
                "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}");
    }
}

/// <summary>A <c>$rename</c>: what both of its ends need to know.</summary>
internal sealed class Rename(string from, string to)
{
    private readonly FieldPath _from = new(from);
    private readonly FieldPath _to = new(to);

    /// <summary>The value to move, missing when there is none and the operator does nothing.</summary>
    /// <exception cref="MongoError">BadValue (2) for a path through an array, PathNotViable (28) for one through a scalar.</exception>
    public BsonValue Source(UpdateRun run)
    {
        BsonValue value = BsonValue.Document(run.Document);
        for (int i = 0; i < _from.Count; i++)
        {
            if (value.IsMissing)
            {
                return default;
            }
            if (value.IsArray && _from.Index(i) >= 0)
            {
                throw ArrayElement("source", _from, i, run);
            }
            if (!value.IsDocument)
            {
                string name = _from.Name(i - 1);
                throw new MongoError(
                    ErrorCode.PathNotViable,
                    $"cannot use the part ({name} of {_from.Text}) to traverse the element ({{{name}: {BsonText.ToShell(value)}}})");
            }
            value = value.AsDocument.Get(_from.Segment(i));
        }
        return value;
    }

    public void CheckTarget(UpdateRun run)
    {
        BsonValue value = BsonValue.Document(run.Document);
        for (int i = 0; i < _to.Count && value.IsDocument; i++)
        {
            value = value.AsDocument.Get(_to.Segment(i));
            if (value.IsArray && i < _to.Count - 1)
            {
                throw ArrayElement("destination", _to, i + 1, run);
            }
        }
    }

    private static MongoError ArrayElement(string end, FieldPath path, int segment, UpdateRun run)
    {
        BsonValue id = run.Document.Get("_id"u8);
        string document = id.IsMissing ? "no id" : $"_id: {BsonText.ToShell(id)}";
        return MongoError.BadValue(
            $"The {end} field cannot be an array element, '{path.Text}' in doc with {document} has an array field called '{path.Name(segment - 1)}'");
    }
}

internal sealed class RenameSourceLeaf(Rename rename) : UpdateLeaf
{
    public override bool Creates(UpdateRun run) => false;

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        rename.Source(run);
        return default;
    }
}

internal sealed class RenameTargetLeaf(Rename rename) : UpdateLeaf
{
    public override bool ToleratesBlockedPath => true;

    public override bool Creates(UpdateRun run) => !rename.Source(run).IsMissing;

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        BsonValue source = rename.Source(run);
        if (source.IsMissing)
        {
            return current;
        }
        rename.CheckTarget(run);
        return source;
    }
}
