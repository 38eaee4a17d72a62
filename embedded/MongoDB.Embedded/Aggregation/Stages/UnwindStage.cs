using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$unwind</c>: a document for each element of an array; what is no array counts as one element.</summary>
internal sealed class UnwindStage(FieldPath path, FieldPath? index, bool preserve) : Stage
{
    public static UnwindStage Parse(BsonValue argument)
    {
        BsonValue path = argument;
        BsonValue index = default;
        bool preserve = false;
        if (argument.IsDocument)
        {
            path = default;
            foreach (BsonElement element in argument.AsDocument)
            {
                BsonValue value = element.Value;
                switch (element.Name)
                {
                    case "path":
                        path = value.IsString ? value : throw new MongoError(28808, $"expected a string as the path for $unwind stage, got {value.Type.Name()}");
                        break;
                    case "preserveNullAndEmptyArrays":
                        preserve = value.Type == BsonType.Boolean
                            ? value.AsBoolean
                            : throw new MongoError(28809, $"expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got {value.Type.Name()}");
                        break;
                    case "includeArrayIndex":
                        index = value.IsString && value.StringUtf8.Length > 0
                            ? value
                            : throw new MongoError(28810, $"expected a non-empty string for the includeArrayIndex  option to $unwind stage, got {value.Type.Name()}");
                        break;
                    default:
                        throw new MongoError(28811, $"unrecognized option to $unwind stage: {element.Name}");
                }
            }
        }
        else if (!argument.IsString)
        {
            throw new MongoError(15981, $"expected either a string or an object as specification for $unwind stage, got {argument.Type.Name()}");
        }
        if (path.IsMissing || path.StringUtf8.IsEmpty)
        {
            throw new MongoError(28812, "no path specified to $unwind stage");
        }
        string text = path.AsString;
        if (!text.StartsWith('$'))
        {
            throw new MongoError(28818, $"path option to $unwind stage should be prefixed with a '$': {text}");
        }
        if (index.IsString && index.StringUtf8.StartsWith("$"u8))
        {
            throw new MongoError(28822, $"includeArrayIndex option to $unwind stage should not be prefixed with a '$': {index.AsString}");
        }
        return new UnwindStage(
            ExpressionParser.CheckedPath(text[1..]), index.IsMissing ? null : ExpressionParser.CheckedPath(index.AsString), preserve);
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (BsonDoc document in input)
        {
            BsonValue value = path.Get(document);
            if (value.IsArray && !value.AsDocument.IsEmpty)
            {
                long position = 0;
                foreach (BsonElement element in value.AsDocument)
                {
                    yield return WithIndex(DocumentEdit.Set(document, path, element.Value), BsonValue.Int64(position++));
                }
            }
            else if (value.IsNullish || value.IsArray)
            {
                if (preserve)
                {
                    // An empty array goes; null stays.
                    yield return WithIndex(value.IsArray ? DocumentEdit.Set(document, path, default) : document, BsonValue.Null);
                }
            }
            else
            {
                yield return WithIndex(document, BsonValue.Null);
            }
        }
    }

    private BsonDoc WithIndex(BsonDoc document, BsonValue position) =>
        index is null ? document : DocumentEdit.Set(document, index, position);
}
