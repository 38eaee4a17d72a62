using MongoDB.Embedded.Aggregation.Accumulators;
using MongoDB.Embedded.Aggregation.Operators;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$bucket</c>: groups by which of the given ranges a value is in; the result is sorted by the lower bounds.</summary>
internal static class BucketStage
{
    public static Stage Parse(BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40201, $"Argument to $bucket stage must be an object, but found type: {argument.Type.Name()}.");
        }
        var named = NamedArguments.Read(
            argument.AsDocument,
            ["groupBy", "boundaries", "default", "output"],
            unknown => new MongoError(40197, $"Unrecognized option to $bucket: {unknown}."));
        BsonValue groupBy = named.Raw("groupBy");
        BsonValue boundaries = named.Raw("boundaries");
        if (groupBy.IsMissing || boundaries.IsMissing)
        {
            throw new MongoError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified.");
        }
        bool path = groupBy.IsString && groupBy.StringUtf8.StartsWith("$"u8);
        if (!path && !(groupBy.IsDocument && !groupBy.AsDocument.IsEmpty && groupBy.AsDocument.First.NameUtf8.StartsWith("$"u8)))
        {
            throw new MongoError(
                40202, $"The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression object, but found: {BsonText.ToShell(groupBy)}.");
        }
        List<BsonValue> bounds = Bounds(boundaries, parser.Context);
        BsonValue otherwise = named.Has("default") ? Constant(named.Raw("default"), parser.Context, "default", 40195) : default;
        if (!otherwise.IsMissing && BsonCompare.Compare(otherwise, bounds[0]) >= 0 && BsonCompare.Compare(otherwise, bounds[^1]) < 0)
        {
            throw new MongoError(
                40199, "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.");
        }
        Expression key = Key(groupBy, bounds, otherwise, parser.Context);
        return new SequenceStage(new GroupStage(key, Output(named.Raw("output"), parser.Context)), SortById());
    }

    private static List<BsonValue> Bounds(BsonValue boundaries, QueryContext context)
    {
        if (!boundaries.IsArray)
        {
            throw new MongoError(40200, $"The $bucket 'boundaries' field must be an array, but found type: {boundaries.Type.Name()}.");
        }
        List<BsonValue> bounds = [.. ArrayOperators.Elements(boundaries).Select(b => Constant(b, context, "boundaries", 40191))];
        if (bounds.Count < 2)
        {
            throw new MongoError(40192, $"The $bucket 'boundaries' field must have at least 2 values, but found {bounds.Count} value(s).");
        }
        for (int i = 1; i < bounds.Count; i++)
        {
            if (bounds[i - 1].Type.Bracket() != bounds[i].Type.Bracket())
            {
                throw new MongoError(
                    40193, $"All values in the the 'boundaries' option to $bucket must have the same type. Found conflicting types {bounds[i - 1].Type.Name()} and {bounds[i].Type.Name()}.");
            }
            if (BsonCompare.Compare(bounds[i - 1], bounds[i]) >= 0)
            {
                throw new MongoError(
                    40194, $"The 'boundaries' option to $bucket must be sorted, but elements {i - 1} and {i} are not in ascending order ({BsonText.ToShell(bounds[i - 1])} is not less than {BsonText.ToShell(bounds[i])}).");
            }
        }
        return bounds;
    }

    private static BsonValue Constant(BsonValue value, QueryContext context, string what, int code)
    {
        var expression = Expression.Parse(value, context);
        bool literal = expression.IsConstant || value.Type is BsonType.Array or BsonType.Document;
        return literal
            ? expression.Evaluate(BsonDoc.Empty).Detach()
            : throw new MongoError(code, $"The $bucket '{what}' field must be a constant expression, but found: {BsonText.ToShell(value)}.");
    }

    // A $switch over the ranges, as the stage is documented to be.
    private static Expression Key(BsonValue groupBy, List<BsonValue> bounds, BsonValue otherwise, QueryContext context)
    {
        using var writer = new BsonWriter();
        writer.StartDocument("$let");
        writer.StartDocument("vars");
        writer.Write("v", groupBy);
        writer.End();
        writer.StartDocument("in");
        writer.StartDocument("$switch");
        writer.StartArray("branches");
        for (int i = 0; i < bounds.Count - 1; i++)
        {
            writer.StartDocument(i);
            writer.StartDocument("case");
            writer.StartArray("$and");
            WriteComparison(writer, 0, "$gte", bounds[i]);
            WriteComparison(writer, 1, "$lt", bounds[i + 1]);
            writer.End();
            writer.End();
            WriteLiteral(writer, "then", bounds[i]);
            writer.End();
        }
        writer.End();
        if (!otherwise.IsMissing)
        {
            WriteLiteral(writer, "default", otherwise);
        }
        writer.End();
        writer.End();
        writer.End();
        return Expression.Parse(BsonValue.Document(writer.ToDocument()), context);
    }

    private static void WriteComparison(BsonWriter writer, int index, string comparison, BsonValue bound)
    {
        writer.StartDocument(index);
        writer.StartArray(comparison);
        writer.Write(0, BsonValue.String("$$v"));
        writer.StartDocument(1);
        writer.Write("$literal", bound);
        writer.End();
        writer.End();
        writer.End();
    }

    private static void WriteLiteral(BsonWriter writer, string name, BsonValue value)
    {
        writer.StartDocument(name);
        writer.Write("$literal", value);
        writer.End();
    }

    private static AccumulatorSpec[] Output(BsonValue output, QueryContext context)
    {
        if (output.IsMissing)
        {
            return [GroupStage.Count(context)];
        }
        if (!output.IsDocument)
        {
            throw new MongoError(40196, $"The $bucket 'output' field must be an object, but found type: {output.Type.Name()}.");
        }
        var fields = new List<AccumulatorSpec>();
        foreach (BsonElement element in output.AsDocument)
        {
            fields.Add(AccumulatorSpec.Parse(element.Name, element.Value, context));
        }
        return [.. fields];
    }

    private static SortStage SortById()
    {
        using var writer = new BsonWriter();
        writer.Write("_id", 1);
        return new SortStage(SortPattern.Parse(writer.ToDocument()), null);
    }
}
