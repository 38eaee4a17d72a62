using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;
using MongoDB.Embedded.Update;

namespace MongoDB.Embedded.Commands;

/// <summary>What an update statement did.</summary>
internal readonly record struct UpdateResult(long Matched, long Modified, BsonValue UpsertedId, BsonDoc? Before, BsonDoc? After);

/// <summary>
/// One update: finds candidates at one moment of the store and changes each under its record's lock, where it is matched again.
/// A record that another writer changed so that it no longer matches is passed over.
/// </summary>
internal sealed class UpdateOperation(CommandContext context, Namespace name)
{
    /// <summary>An upsert that loses against another one, or against an insert, starts again: the document is there then.</summary>
    private const int MaxUpsertAttempts = 100;

    public required Matcher Matcher { get; init; }

    public required UpdateProgram Program { get; init; }

    public bool Multi { get; init; }

    public bool Upsert { get; init; }

    public PlanHint Hint { get; init; }

    public SortPattern? Sort { get; init; }

    /// <summary>True keeps the document before and after, for findAndModify.</summary>
    public bool KeepDocuments { get; init; }

    public UpdateResult Run()
    {
        for (int attempt = 1; ; attempt++)
        {
            UpdateResult result = UpdateMatching();
            if (result.Matched > 0 || !Upsert)
            {
                return result;
            }
            BsonDoc document = InsertCommand.Prepare(Program.ApplyForUpsert(Matcher));
            MongoError? error = null;
            Collection collection = context.Engine.Catalog.GetOrCreate(name);
            context.Engine.Writer.Insert(collection, [document], ordered: true, (_, e) => error = e);
            if (error is null)
            {
                return new UpdateResult(0, 0, document.Get("_id"u8), null, document);
            }
            if (attempt == MaxUpsertAttempts || !IsLostRace(error))
            {
                throw error;
            }
            context.Operation.CheckClock();
        }
    }

    private UpdateResult UpdateMatching()
    {
        long matched = 0;
        long modified = 0;
        BsonDoc? before = null;
        BsonDoc? after = null;
        Collection? collection = context.Engine.Catalog.Find(name);
        if (collection is not null)
        {
            Candidates.ForEach(context, collection, Matcher, Sort, Hint, recordKey =>
            {
                ChangeOutcome outcome = context.Engine.Writer.Change(collection, recordKey, (BsonDoc current, out BsonDoc replacement) =>
                {
                    replacement = default;
                    if (!Matcher.IsMatch(current, out MatchDetails details))
                    {
                        return ChangeKind.NoMatch;
                    }
                    UpdateOutcome update = Program.Apply(current, details);
                    replacement = update.Result;
                    if (KeepDocuments)
                    {
                        before = BsonDoc.Wrap(current.ToArray());
                        after = update.Modified ? replacement : before;
                    }
                    return update.Modified ? ChangeKind.Replace : ChangeKind.Same;
                });
                if (outcome == ChangeOutcome.NoMatch)
                {
                    return true;
                }
                matched++;
                modified += outcome == ChangeOutcome.Replaced ? 1 : 0;
                return Multi;
            });
        }
        return new UpdateResult(matched, modified, default, before, after);
    }

    /// <summary>True when the key that was taken is one that the filter asks for, so that the filter matches now.</summary>
    private bool IsLostRace(MongoError error)
    {
        if (!error.Is(ErrorCode.DuplicateKey) || error.Extra is not BsonDoc extra)
        {
            return false;
        }
        foreach (BsonElement field in extra["keyPattern"].AsDocument)
        {
            string path = field.Name;
            if (!Matcher.Conjuncts.Any(p => p.Path == path && p.Kind == PredicateKind.Eq))
            {
                return false;
            }
        }
        return true;
    }
}

/// <summary>Walks the records that a write may have to change.</summary>
internal static class Candidates
{
    /// <summary>
    /// <para><paramref name="visit"/>: Takes a record's key; false ends the walk.</para>
    /// </summary>
    public static void ForEach(
        CommandContext context, Collection collection, Matcher matcher, SortPattern? sort, PlanHint hint, RecordVisitor visit)
    {
        using RecordCursor cursor = QueryExecution.Open(context.Engine, collection, matcher, sort, hint, context.Operation, keepDocuments: false);
        QueryPlan plan = cursor.Plan;
        context.Figures.Namespace = collection.Name.FullName;
        context.Figures.Plan = ExplainCommand.Summary(plan);
        if (plan.Kind == PlanKind.IdLookup)
        {
            // The writer reads and matches the record itself, under its lock.
            context.Figures.KeysExamined++;
            context.Figures.DocumentsExamined++;
            visit(plan.Ranges[0].Low);
            return;
        }
        if (sort is { IsEmpty: false } && !plan.ProvidesSort)
        {
            Sorted(cursor, sort!, visit);
        }
        else
        {
            while (cursor.MoveNext() && visit(cursor.CurrentKey))
            {
            }
        }
        context.Figures.KeysExamined += cursor.KeysExamined;
        context.Figures.DocumentsExamined += cursor.DocumentsExamined;
    }

    private static void Sorted(RecordCursor cursor, SortPattern sort, RecordVisitor visit)
    {
        var buffer = new SortBuffer(sort, long.MaxValue, allowDiskUse: false);
        while (cursor.MoveNext())
        {
            buffer.Add(cursor.Current, cursor.CurrentKey.ToArray());
        }
        buffer.Sort();
        for (int i = 0; i < buffer.Count && visit(buffer.RecordKey(i)); i++)
        {
        }
    }
}

/// <summary>Takes the key of a record that matched when it was read; false ends the walk.</summary>
internal delegate bool RecordVisitor(ReadOnlySpan<byte> recordKey);
