using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>The document after an update, and whether it differs from the one before in any byte.</summary>
internal readonly record struct UpdateOutcome(BsonDoc Result, bool Modified);

/// <summary>A compiled update: operators, a replacement document or a pipeline.</summary>
internal sealed class UpdateProgram
{
    private const int MaxDocumentSize = 16 * 1024 * 1024;

    private readonly QueryContext _context;
    private readonly ArrayFilters _filters;
    private readonly UpdateBranch? _operators;
    private readonly BsonDoc _replacement;
    private readonly Pipeline? _pipeline;

    private UpdateProgram(QueryContext context, ArrayFilters filters, UpdateBranch? operators, BsonDoc replacement, Pipeline? pipeline)
    {
        _context = context;
        _filters = filters;
        _operators = operators;
        _replacement = replacement;
        _pipeline = pipeline;
    }

    /// <summary>Whether it replaces whole documents, which an update of many is not allowed to.</summary>
    public bool IsReplacement => _operators is null && _pipeline is null;

    /// <param name="update">A document of operators, a replacement document or an array of stages.</param>
    /// <param name="arrayFilters">The filters that <c>$[identifier]</c> refers to, or null.</param>
    /// <param name="context">Variables and time.</param>
    /// <exception cref="MongoError">The update is malformed or contradicts itself.</exception>
    public static UpdateProgram Parse(BsonValue update, BsonDoc? arrayFilters, QueryContext context)
    {
        BsonValue owned = update.Detach();
        var filters = new ArrayFilters(arrayFilters?.Detach(), context);
        if (owned.IsArray)
        {
            if (arrayFilters is { IsEmpty: false })
            {
                throw MongoError.FailedToParse("arrayFilters may not be specified for pipeline-syle updates");
            }
            return new UpdateProgram(context, filters, null, default, Pipeline.ParseUpdate(owned.AsDocument, context));
        }
        if (!owned.IsDocument)
        {
            throw MongoError.FailedToParse("Update argument must be either an object or an array");
        }
        BsonDoc document = owned.AsDocument;
        if (document.IsEmpty || !document.First.NameUtf8.StartsWith("$"u8))
        {
            if (arrayFilters is { IsEmpty: false })
            {
                throw MongoError.FailedToParse("arrayFilters may not be specified for replacement-style updates");
            }
            Replacement.Check(document);
            return new UpdateProgram(context, filters, null, document, null);
        }
        var parser = new UpdateParser(context, filters);
        parser.Parse(document);
        filters.CheckAllUsed(owned);
        return new UpdateProgram(context, filters, parser.Root, default, null);
    }

    /// <summary>Updates a document that the query matched.</summary>
    /// <param name="document">The document as it is.</param>
    /// <param name="details">Where the query matched, for the positional <c>$</c>.</param>
    /// <exception cref="MongoError">An operator does not apply, or the <c>_id</c> would change (ImmutableField, 66).</exception>
    public UpdateOutcome Apply(BsonDoc document, MatchDetails details)
    {
        BsonDoc result = Run(document, details, insert: false);
        bool modified = !result.Span.SequenceEqual(document.Span);
        return modified ? new UpdateOutcome(result, true) : new UpdateOutcome(document, false);
    }

    /// <summary>
    /// The document to insert when nothing matched: the query's equalities, then the update with <c>$setOnInsert</c>, with an
    /// <c>_id</c> in front, made when there is none.
    /// </summary>
    /// <exception cref="MongoError">The query is ambiguous, an operator does not apply, or the update changes the query's <c>_id</c>.</exception>
    public BsonDoc ApplyForUpsert(Matcher query)
    {
        BsonDoc seed = UpsertSeed.From(query, idOnly: IsReplacement);
        BsonDoc result = Run(seed, default, insert: true);
        BsonValue id = result.Get("_id"u8);
        CheckId(id);
        if (!id.IsMissing && result.First.NameUtf8.SequenceEqual("_id"u8))
        {
            return result;
        }
        using var writer = new BsonWriter(result.Length + 32);
        writer.Write("_id"u8, id.IsMissing ? BsonValue.ObjectId(ObjectId.NewId()) : id);
        foreach (BsonElement element in result)
        {
            if (!element.NameUtf8.SequenceEqual("_id"u8))
            {
                writer.RawElement(element.RawBytes);
            }
        }
        return writer.ToDocument();
    }

    private BsonDoc Run(BsonDoc document, MatchDetails details, bool insert)
    {
        BsonValue id = document.Get("_id"u8);
        BsonDoc result;
        if (_operators is not null)
        {
            var run = new UpdateRun(document, details, _filters, _context.Now, insert);
            result = run.Apply(_operators);
            CheckTopLevelNames(document, result);
            if (!id.IsMissing && BsonCompare.Compare(id, result.Get("_id"u8)) != 0)
            {
                throw new MongoError(ErrorCode.ImmutableField, "Performing an update on the path '_id' would modify the immutable field '_id'");
            }
        }
        else
        {
            result = _pipeline is null
                ? Replacement.Apply(_replacement, id, _context.Now)
                : Replacement.WithId(_pipeline.RunOne(document), id);
            BsonValue newId = result.Get("_id"u8);
            if (!id.IsMissing && BsonCompare.Compare(id, newId) != 0)
            {
                throw new MongoError(
                    ErrorCode.ImmutableField,
                    $"After applying the update, the (immutable) field '_id' was found to have been altered to _id: {BsonText.ToShell(newId)}");
            }
        }
        return result.Length <= MaxDocumentSize
            ? result
            : throw new MongoError(17419, $"Resulting document after update is larger than {MaxDocumentSize}");
    }

    private static void CheckTopLevelNames(BsonDoc before, BsonDoc after)
    {
        foreach (BsonElement element in after)
        {
            if (element.NameUtf8.StartsWith("$"u8) && !before.Contains(element.NameUtf8))
            {
                throw new MongoError(
                    ErrorCode.DollarPrefixedFieldName,
                    $"The dollar ($) prefixed field '{element.Name}' in '{element.Name}' is not valid for storage.");
            }
        }
    }

    /// <exception cref="MongoError">InvalidIdField (53): arrays, regular expressions and undefined cannot be an <c>_id</c>.</exception>
    public static void CheckId(BsonValue id)
    {
        if (id.Type is BsonType.Array or BsonType.Regex or BsonType.Undefined)
        {
            throw new MongoError(ErrorCode.InvalidIdField, $"The '_id' value cannot be of type {id.Type.Name()}");
        }
    }
}
