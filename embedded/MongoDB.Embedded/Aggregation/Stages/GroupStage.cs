using MongoDB.Embedded.Aggregation.Accumulators;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Stages;

/// <summary><c>$group</c>: one document a key, in the order in which the keys came. Values that are equal are one key, 1 and 1.0 too.</summary>
internal sealed class GroupStage(Expression key, AccumulatorSpec[] fields) : Stage
{
    private const int PerGroup = 128;

    public static GroupStage Parse(BsonValue argument, StageParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(15947, "a group's fields must be specified in an object");
        }
        Expression? key = null;
        var fields = new List<AccumulatorSpec>();
        foreach (BsonElement element in argument.AsDocument)
        {
            if (element.Name == "_id")
            {
                key = key is null
                    ? Expression.Parse(element.Value, parser.Context)
                    : throw new MongoError(15948, "a group's _id may only be specified once");
            }
            else if (element.Name != "$doingMerge")
            {
                fields.Add(AccumulatorSpec.Parse(element.Name, element.Value, parser.Context));
            }
        }
        return key is null
            ? throw new MongoError(15955, "a group specification must include an _id")
            : new GroupStage(key, [.. fields]);
    }

    /// <summary><c>$sortByCount</c>: groups by an expression and sorts by how many came.</summary>
    public static Stage ParseSortByCount(BsonValue argument, StageParser parser)
    {
        if (argument.IsDocument)
        {
            if (argument.AsDocument.IsEmpty || !argument.AsDocument.First.NameUtf8.StartsWith("$"u8))
            {
                throw new MongoError(40147, "the sortByCount field must be defined as a $-prefixed path or an expression inside an object");
            }
        }
        else if (!argument.IsString)
        {
            throw new MongoError(40149, "the sortByCount field must be specified as a string or as an object");
        }
        else if (!argument.StringUtf8.StartsWith("$"u8))
        {
            throw new MongoError(40148, "the sortByCount field must be defined as a $-prefixed path or an expression inside an object");
        }
        return new SequenceStage(
            new GroupStage(Expression.Parse(argument, parser.Context), [Count(parser.Context)]),
            new SortStage(Descending("count"), null));
    }

    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        List<Group> groups = Collect(input);
        foreach (Group group in groups)
        {
            using var writer = new BsonWriter();
            writer.Write("_id", group.Key);
            for (int i = 0; i < fields.Length; i++)
            {
                BsonValue value = group.Accumulators[i].Result();
                writer.Write(fields[i].Field, value.IsMissing ? BsonValue.Null : value);
            }
            yield return writer.ToDocument();
        }
    }

    private List<Group> Collect(IEnumerable<BsonDoc> input)
    {
        var groups = new List<Group>();
        var byKey = new Dictionary<BsonValue, Group>(BsonValueComparer.Instance);
        var budget = new MemoryBudget(() => new MongoError(
            ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed,
            $"Exceeded memory limit for $group, but didn't allow external sort. Pass allowDiskUse:true to opt in."));
        foreach (BsonDoc document in input)
        {
            BsonValue value = key.Evaluate(document);
            value = value.IsMissing ? BsonValue.Null : value;
            if (!byKey.TryGetValue(value, out Group? group))
            {
                group = NewGroup(value.Detach());
                budget.Add(group.Key.RawSlice.Length + PerGroup);
                byKey.Add(group.Key, group);
                groups.Add(group);
            }
            long held = 0;
            for (int i = 0; i < fields.Length; i++)
            {
                group.Accumulators[i].Add(fields[i].Argument(document));
                held += group.Accumulators[i].MemoryBytes;
            }
            budget.Add(held - group.Held);
            group.Held = held;
        }
        return groups;
    }

    private Group NewGroup(BsonValue value)
    {
        // An n of $firstN and its kin may be computed from the group's key, if that is a document.
        BsonDoc scope = value.IsDocument ? value.AsDocument : BsonDoc.Empty;
        var accumulators = new Accumulator[fields.Length];
        for (int i = 0; i < accumulators.Length; i++)
        {
            accumulators[i] = fields[i].Create(scope);
        }
        return new Group(value, accumulators);
    }

    internal static AccumulatorSpec Count(QueryContext context)
    {
        using var writer = new BsonWriter();
        writer.Write("$sum", 1);
        return AccumulatorSpec.Parse("count", BsonValue.Document(writer.ToDocument()), context);
    }

    private static SortPattern Descending(string field)
    {
        using var writer = new BsonWriter();
        writer.Write(field, -1);
        return SortPattern.Parse(writer.ToDocument());
    }

    private sealed class Group(BsonValue key, Accumulator[] accumulators)
    {
        public BsonValue Key => key;

        public Accumulator[] Accumulators => accumulators;

        public long Held { get; set; }
    }
}

/// <summary>Stages that stand for others run them one after the other.</summary>
internal sealed class SequenceStage(params Stage[] stages) : Stage
{
    public override IEnumerable<BsonDoc> Run(IEnumerable<BsonDoc> input)
    {
        foreach (Stage stage in stages)
        {
            input = stage.Run(input);
        }
        return input;
    }
}
