using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary><c>$push</c> with <c>$each</c>, <c>$position</c>, <c>$sort</c> and <c>$slice</c>, which work in that order.</summary>
internal sealed class PushLeaf : UpdateLeaf
{
    private readonly List<BsonValue> _values = [];
    private readonly List<(FieldPath? Path, bool Ascending)> _sort = [];
    private long? _position;
    private long? _slice;

    /// <exception cref="MongoError">BadValue (2).</exception>
    public static PushLeaf Parse(BsonElement element)
    {
        var push = new PushLeaf();
        BsonValue value = element.Value;
        if (!value.IsDocument || !value.AsDocument.Contains("$each"u8))
        {
            push._values.Add(value);
            return push;
        }
        foreach (BsonElement clause in value.AsDocument)
        {
            push.ParseClause(clause);
        }
        return push;
    }

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (!current.IsMissing && !current.IsArray)
        {
            throw MongoError.BadValue(
                $"The field '{run.Path}' must be an array but is of type {current.Type.Name()} in document {run.DocumentId}");
        }
        if (current.IsArray && _values.Count > 0 && _position is null && _sort.Count == 0 && _slice is null)
        {
            return Append(current);
        }
        List<BsonValue> array = ArrayElements.Read(current);
        int at = _position is not { } position ? array.Count
            : position < 0 ? (int)Math.Max(array.Count + position, 0)
            : (int)Math.Min(position, array.Count);
        array.InsertRange(at, _values);
        if (_sort.Count > 0)
        {
            Sort(array);
        }
        if (_slice is { } slice)
        {
            int keep = (int)Math.Min(Math.Abs(slice), array.Count);
            array = slice < 0 ? array[^keep..] : array[..keep];
        }
        return ArrayElements.Write(array);
    }

    private BsonValue Append(BsonValue current)
    {
        BsonDoc array = current.AsDocument;
        int count = array.Count;
        using var writer = new BsonWriter(array.Length + 64);
        writer.WriteElements(array);
        foreach (BsonValue value in _values)
        {
            writer.Write(count++, value);
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private void ParseClause(BsonElement clause)
    {
        BsonValue value = clause.Value;
        switch (clause.Name)
        {
            case "$each":
                if (!value.IsArray)
                {
                    throw MongoError.BadValue($"The argument to $each in $push must be an array but it was of type: {value.Type.Name()}");
                }
                _values.AddRange(ArrayElements.Read(value));
                break;
            case "$slice":
                _slice = Integer(value, $"The value for $slice must be an integer value but was given type: {value.Type.Name()}");
                break;
            case "$position":
                _position = Integer(value, $"The value for $position must be an integer value, not of type: {value.Type.Name()}");
                break;
            case "$sort":
                ParseSort(value);
                break;
            default:
                throw MongoError.BadValue($"Unrecognized clause in $push: {clause.Name}");
        }
    }

    private static long Integer(BsonValue value, string otherwise) =>
        value.IsNumber && value.TryToInt64Exact(out long integer)
            ? Math.Clamp(integer, -int.MaxValue, int.MaxValue)
            : throw MongoError.BadValue(otherwise);

    private void ParseSort(BsonValue value)
    {
        if (value.IsNumber)
        {
            _sort.Add((null, Direction(value)));
            return;
        }
        if (!value.IsDocument)
        {
            throw MongoError.BadValue(
                "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields");
        }
        foreach (BsonElement field in value.AsDocument)
        {
            string name = field.Name;
            if (name.Length == 0)
            {
                throw MongoError.BadValue("The $sort field cannot be empty");
            }
            if (name.Split('.').Any(part => part.Length == 0))
            {
                throw MongoError.BadValue($"The $sort field is a dotted field but has an empty part: {name}");
            }
            _sort.Add((new FieldPath(name), Direction(field.Value)));
        }
        if (_sort.Count == 0)
        {
            throw MongoError.BadValue("The $sort pattern is empty when it should be a set of fields.");
        }
    }

    private static bool Direction(BsonValue value) =>
        value.IsNumber && value.TryToInt64Exact(out long direction) && direction is 1 or -1
            ? direction == 1
            : throw MongoError.BadValue("The $sort element value must be either 1 or -1");

    private void Sort(List<BsonValue> array)
    {
        var keyed = new (BsonValue Value, int Order)[array.Count];
        for (int i = 0; i < keyed.Length; i++)
        {
            keyed[i] = (array[i], i);
        }
        Array.Sort(keyed, (a, b) =>
        {
            foreach ((FieldPath? path, bool ascending) in _sort)
            {
                int order = BsonCompare.Compare(Key(a.Value, path), Key(b.Value, path));
                if (order != 0)
                {
                    return ascending ? order : -order;
                }
            }
            return a.Order.CompareTo(b.Order);
        });
        for (int i = 0; i < keyed.Length; i++)
        {
            array[i] = keyed[i].Value;
        }
    }

    private static BsonValue Key(BsonValue element, FieldPath? path)
    {
        if (path is null)
        {
            return element;
        }
        BsonValue key = element.IsDocument ? path.Get(element.AsDocument) : default;
        return key.IsMissing ? BsonValue.Null : key;
    }
}

/// <summary><c>$addToSet</c>, with <c>$each</c>.</summary>
internal sealed class AddToSetLeaf(List<BsonValue> values) : UpdateLeaf
{
    /// <exception cref="MongoError">TypeMismatch (14) or BadValue (2).</exception>
    public static AddToSetLeaf Parse(BsonElement element)
    {
        BsonValue value = element.Value;
        if (!value.IsDocument || value.AsDocument.IsEmpty || !value.AsDocument.First.NameUtf8.SequenceEqual("$each"u8))
        {
            return new AddToSetLeaf([value]);
        }
        BsonValue each = value.AsDocument.First.Value;
        if (!each.IsArray)
        {
            throw MongoError.TypeMismatch($"The argument to $each in $addToSet must be an array but it was of type {each.Type.Name()}");
        }
        if (value.AsDocument.Count > 1)
        {
            throw MongoError.BadValue($"Found unexpected fields after $each in $addToSet: {value.AsDocument}");
        }
        return new AddToSetLeaf(ArrayElements.Read(each));
    }

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (!current.IsMissing && !current.IsArray)
        {
            throw MongoError.BadValue(
                $"Cannot apply $addToSet to non-array field. Field named '{run.FieldName}' has non-array type {current.Type.Name()}");
        }
        List<BsonValue> array = ArrayElements.Read(current);
        var seen = new HashSet<BsonValue>(array, BsonValueComparer.Instance);
        bool added = false;
        foreach (BsonValue value in values)
        {
            if (seen.Add(value))
            {
                array.Add(value);
                added = true;
            }
        }
        return added || current.IsMissing ? ArrayElements.Write(array) : current;
    }
}
