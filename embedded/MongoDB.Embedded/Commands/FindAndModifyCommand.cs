using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;
using MongoDB.Embedded.Update;

namespace MongoDB.Embedded.Commands;

/// <summary><c>findAndModify</c>: changes or removes one document and returns it as it was or became.</summary>
internal static class FindAndModifyCommand
{
    public static readonly string[] Fields =
    [
        "query", "sort", "remove", "update", "new", "fields", "upsert", "bypassDocumentValidation", "arrayFilters", "hint", "collation", "let",
    ];

    public static void Run(CommandContext context)
    {
        Namespace name = context.Namespace();
        WriteReply.CheckWritable(name);
        CommandArguments arguments = context.Arguments;
        CommandContext.CheckCollation(arguments);
        bool remove = arguments.Boolean("remove");
        bool isNew = arguments.Boolean("new");
        bool upsert = arguments.Boolean("upsert");
        BsonValue update = arguments["update"];
        CheckShape(remove, isNew, upsert, update);

        QueryContext query = context.Query();
        var matcher = Matcher.Parse(arguments.DocumentOrEmpty("query"), query);
        BsonDoc sortPattern = arguments.DocumentOrEmpty("sort").Detach();
        SortPattern? sort = sortPattern.IsEmpty ? null : SortPattern.Parse(sortPattern);
        BsonDoc fields = arguments.DocumentOrEmpty("fields").Detach();
        Projection? projection = Projection.Parse(fields, matcher, query);
        var hint = PlanHint.Parse(arguments["hint"]);

        if (remove)
        {
            BsonDoc? removed = null;
            if (context.Engine.Catalog.Find(name) is Collection collection)
            {
                DeleteCommand.Delete(context, collection, matcher, sort, hint, all: false, document => removed = BsonDoc.Wrap(document.ToArray()));
            }
            WriteReply.AwaitDurability(context);
            Reply(context, removed is null ? 0 : 1, null, default, Project(projection, removed));
            return;
        }

        var operation = new UpdateOperation(context, name)
        {
            Matcher = matcher,
            Program = UpdateProgram.Parse(update, arguments.ArrayOrNull("arrayFilters"), query),
            Upsert = upsert,
            Hint = hint,
            Sort = sort,
            KeepDocuments = true,
        };
        UpdateResult result = operation.Run();
        WriteReply.AwaitDurability(context);
        long n = result.Matched > 0 || !result.UpsertedId.IsMissing ? 1 : 0;
        Reply(context, n, result.Matched > 0, result.UpsertedId, Project(projection, isNew ? result.After : result.Before));
    }

    private static void CheckShape(bool remove, bool isNew, bool upsert, BsonValue update)
    {
        if (remove && !update.IsMissing)
        {
            throw MongoError.FailedToParse("Cannot specify both an update and remove=true");
        }
        if (remove && upsert)
        {
            throw MongoError.FailedToParse("Cannot specify both upsert=true and remove=true ");
        }
        if (remove && isNew)
        {
            throw MongoError.FailedToParse("Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
        }
        if (!remove && update.IsMissing)
        {
            throw MongoError.FailedToParse("Either an update or remove=true must be specified");
        }
        if (!remove && !update.IsDocument && !update.IsArray)
        {
            throw MongoError.FailedToParse("Update argument must be either an object or an array");
        }
    }

    private static BsonDoc? Project(Projection? projection, BsonDoc? document) =>
        document is BsonDoc found && projection is not null ? projection.Apply(found) : document;

    private static void Reply(CommandContext context, long n, bool? updatedExisting, BsonValue upsertedId, BsonDoc? value)
    {
        BsonWriter reply = context.Reply;
        reply.StartDocument("lastErrorObject");
        reply.Write("n", (int)n);
        if (updatedExisting is bool existing)
        {
            reply.Write("updatedExisting", existing);
        }
        reply.Write("upserted", upsertedId);
        reply.End();
        reply.Write("value", value is BsonDoc document ? BsonValue.Document(document) : BsonValue.Null);
    }
}
