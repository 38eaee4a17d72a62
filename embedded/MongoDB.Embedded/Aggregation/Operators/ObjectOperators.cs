using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Object Expression Operators", and <c>$arrayToObject</c>.</summary>
internal static class ObjectOperators
{
    public static void Register(OperatorTable table)
    {
        table.Nary("$mergeObjects", 0, int.MaxValue, MergeObjects);
        table.Unary("$objectToArray", ObjectToArray);
        table.Unary("$arrayToObject", ArrayToObject);
        table.Add("$getField", ParseGetField);
        table.Add("$setField", (argument, parser) => ParseSetField("$setField", argument, parser, ["field", "input", "value"]));
        table.Add("$unsetField", (argument, parser) => ParseSetField("$unsetField", argument, parser, ["field", "input"]));
    }

    /// <summary>Later members win, in the place where the name first came.</summary>
    public static BsonDoc Merge(BsonDoc first, BsonDoc second)
    {
        if (first.IsEmpty)
        {
            return second;
        }
        using var writer = new BsonWriter(first.Length + second.Length);
        foreach (BsonElement element in first)
        {
            BsonValue later = second.Get(element.NameUtf8);
            if (later.IsMissing)
            {
                writer.RawElement(element.RawBytes);
            }
            else
            {
                writer.Write(element.NameUtf8, later);
            }
        }
        foreach (BsonElement element in second)
        {
            if (!first.Contains(element.NameUtf8))
            {
                writer.RawElement(element.RawBytes);
            }
        }
        return writer.ToDocument();
    }

    private static BsonValue MergeObjects(ReadOnlySpan<BsonValue> arguments)
    {
        BsonDoc merged = BsonDoc.Empty;
        // A single array is the list of documents to merge.
        if (arguments.Length == 1 && arguments[0].IsArray)
        {
            return MergeObjects(ArrayOperators.Elements(arguments[0]).ToArray());
        }
        foreach (BsonValue value in arguments)
        {
            if (!value.IsNullish)
            {
                merged = Merge(merged, MergeInput(value));
            }
        }
        return BsonValue.Document(merged);
    }

    /// <exception cref="MongoError">40400: not a document.</exception>
    public static BsonDoc MergeInput(BsonValue value) => value.IsDocument
        ? value.AsDocument
        : throw new MongoError(
            40400, $"$mergeObjects requires object inputs, but input {BsonText.ToShell(value)} is of type {value.Type.Name()}");

    private static BsonValue ObjectToArray(BsonValue value)
    {
        if (value.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!value.IsDocument)
        {
            throw new MongoError(40390, $"$objectToArray requires a document input, found: {value.Type.Name()}");
        }
        using var writer = new BsonWriter();
        int index = 0;
        foreach (BsonElement element in value.AsDocument)
        {
            writer.StartDocument(index++);
            writer.Write("k", BsonValue.String(element.NameUtf8));
            writer.Write("v", element.Value);
            writer.End();
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private static BsonValue ArrayToObject(BsonValue value)
    {
        if (value.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!value.IsArray)
        {
            throw new MongoError(40386, $"$arrayToObject requires an array input, found: {value.Type.Name()}");
        }
        // A name given twice keeps its first place and its last value.
        var members = new OrderedDictionary<string, BsonValue>();
        bool? pairs = null;
        foreach (BsonElement element in value.AsDocument)
        {
            if (element.Type is not (BsonType.Array or BsonType.Document))
            {
                throw new MongoError(40398, $"Unrecognised input type format for $arrayToObject: {element.Type.Name()}");
            }
            pairs ??= element.Type == BsonType.Array;
            if (pairs != (element.Type == BsonType.Array))
            {
                throw pairs.Value
                    ? new MongoError(40396, $"$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Array was detected, now found: {element.Type.Name()}")
                    : new MongoError(40391, $"$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. Object was detected, now found: {element.Type.Name()}");
            }
            (string key, BsonValue member) = pairs.Value ? Pair(element.Value) : KeyValue(element.Value.AsDocument);
            members[key] = member;
        }
        using var writer = new BsonWriter();
        foreach ((string key, BsonValue member) in members)
        {
            writer.Write(key, member);
        }
        return BsonValue.Document(writer.ToDocument());
    }

    private static (string Key, BsonValue Value) Pair(BsonValue pair)
    {
        List<BsonValue> parts = ArrayOperators.Elements(pair);
        if (parts.Count != 2)
        {
            throw new MongoError(40397, $"$arrayToObject requires an array of size 2 arrays,found array of size: {parts.Count}");
        }
        return parts[0].IsString
            ? (Key(parts[0]), parts[1])
            : throw new MongoError(
                40395, $"$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: {parts[0].Type.Name()}");
    }

    private static (string Key, BsonValue Value) KeyValue(BsonDoc pair)
    {
        int count = pair.Count;
        if (count != 2)
        {
            throw new MongoError(40392, $"$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:{count}");
        }
        BsonValue key = pair.Get("k"u8);
        BsonValue value = pair.Get("v"u8);
        if (key.IsMissing || value.IsMissing)
        {
            throw new MongoError(40393, $"$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: {pair}");
        }
        return key.IsString
            ? (Key(key), value)
            : throw new MongoError(
                40394, $"$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: {key.Type.Name()}");
    }

    private static string Key(BsonValue key)
    {
        string name = key.AsString;
        return name.Contains('\0', StringComparison.Ordinal)
            ? throw new MongoError(4940400, "Key field cannot contain an embedded null byte")
            : name;
    }

    private static GetFieldNode ParseGetField(BsonValue argument, ExpressionParser parser)
    {
        if (argument.IsDocument && !argument.AsDocument.IsEmpty && !argument.AsDocument.First.NameUtf8.StartsWith("$"u8))
        {
            var named = NamedArguments.Read(
                argument.AsDocument, ["field", "input"], name => new MongoError(3041701, $"$getField found an unknown argument: {name}"));
            ExpressionNode field = FieldName(named.Required("field", parser, () => new MongoError(3041702, "$getField requires 'field' to be specified")));
            return new GetFieldNode(
                field, named.Required("input", parser, () => new MongoError(3041703, "$getField requires 'input' to be specified")));
        }
        return new GetFieldNode(FieldName(parser.Parse(argument)), parser.Parse(BsonValue.String("$$CURRENT")));
    }

    private static ExpressionNode FieldName(ExpressionNode field) => field is ConstantNode { Value: { IsString: false } value }
        ? throw new MongoError(5654602, $"$getField requires 'field' to evaluate to type String, but got {value.Type.Name()}")
        : field;

    private static SetFieldNode ParseSetField(string name, BsonValue argument, ExpressionParser parser, string[] members)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(4161100, $"{name} only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, members, unknown => new MongoError(4161101, $"{name} found an unknown argument: {unknown}"));
        ExpressionNode field = named.Required("field", parser, () => new MongoError(4161102, $"{name} requires 'field' to be specified"));
        ExpressionNode input = named.Required("input", parser, () => new MongoError(4161109, $"{name} requires 'input' to be specified"));
        ExpressionNode value = members.Length == 2
            ? new ConstantNode(BsonValue.Missing)
            : named.Required("value", parser, () => new MongoError(4161103, $"{name} requires 'value' to be specified"));
        if (field is not ConstantNode constant)
        {
            throw new MongoError(4161106, $"{name} requires 'field' to evaluate to a constant, but got a non-constant argument");
        }
        return constant.Value.IsString
            ? new SetFieldNode(name, constant.Value.AsString, input, value)
            : throw new MongoError(4161107, $"{name} requires 'field' to evaluate to type String, but got {constant.Value.Type.Name()}");
    }

    private sealed class GetFieldNode(ExpressionNode field, ExpressionNode input) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue name = field.Evaluate(context);
            if (!name.IsString)
            {
                throw new MongoError(3041704, $"$getField requires 'field' to evaluate to type String, but got {name.Type.Name()}");
            }
            BsonValue value = input.Evaluate(context);
            return value.IsDocument ? value.AsDocument.Get(name.StringUtf8) : value.IsNullish && !value.IsMissing ? BsonValue.Null : default;
        }
    }

    private sealed class SetFieldNode(string name, string field, ExpressionNode input, ExpressionNode value) : ExpressionNode
    {
        private readonly byte[] _fieldUtf8 = System.Text.Encoding.UTF8.GetBytes(field);

        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue document = input.Evaluate(context);
            if (document.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!document.IsDocument)
            {
                throw new MongoError(4161105, $"{name} requires 'input' to evaluate to type Object");
            }
            BsonValue set = value.Evaluate(context);
            using var writer = new BsonWriter();
            bool found = false;
            foreach (BsonElement element in document.AsDocument)
            {
                if (element.NameUtf8.SequenceEqual(_fieldUtf8))
                {
                    found = true;
                    writer.Write(_fieldUtf8, set);
                }
                else
                {
                    writer.RawElement(element.RawBytes);
                }
            }
            if (!found)
            {
                writer.Write(_fieldUtf8, set);
            }
            return BsonValue.Document(writer.ToDocument());
        }
    }
}
