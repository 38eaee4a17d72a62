using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Wire;

namespace MongoDB.Embedded.Commands;

/// <summary>One command on its way: what it asks, who asks, and where the reply goes.</summary>
internal sealed class CommandContext
{
    public required ServerState Server { get; init; }

    public required ClientState Client { get; init; }

    public required Command Command { get; init; }

    public required OpMsg Message { get; init; }

    public required GenericArguments Generic { get; init; }

    public required OperationContext Operation { get; init; }

    public required BsonWriter Reply { get; init; }

    public BsonDoc Body => Message.Body;

    public string Database => Generic.Database;

    public StorageEngine Engine => Server.Engine;

    public CommandArguments Arguments => new(Command.Name, Body);

    /// <summary>The value of the command's own field.</summary>
    public BsonValue Target => Body.First.Value;

    /// <summary>Set by hello when its answer has to wait.</summary>
    public AwaitableHello? Await { get; set; }

    /// <summary>What the slow-operation line says about the work done.</summary>
    public OperationFigures Figures { get; } = new();

    /// <summary>The collection that the command's own field names.</summary>
    public Namespace Namespace()
    {
        BsonValue target = Target;
        return target.IsString
            ? Storage.Namespace.Create(Database, target.AsString)
            : throw new MongoError(ErrorCode.InvalidNamespace, $"collection name has invalid type {target.Type.Name()}");
    }

    /// <summary>The variables of <c>let</c> and the time of the command.</summary>
    public QueryContext Query() => QueryContexts.Create(Arguments);

    /// <summary>Refuses a collation other than the simple one, which compares strings by their bytes.</summary>
    public static void CheckCollation(CommandArguments arguments)
    {
        if (arguments.DocumentOrNull("collation") is BsonDoc collation && !collation.IsEmpty
            && !(collation.Get("locale"u8) is { IsString: true } locale && locale.AsString == "simple"))
        {
            throw new MongoError(238, "Collations other than {locale: \"simple\"} are not supported by this server");
        }
    }

    /// <summary>Documents of a command: from a sequence of that name, or from the array in the body.</summary>
    public IReadOnlyList<BsonDoc> Documents(string name)
    {
        IReadOnlyList<BsonDoc>? sequence = Message.Sequence(name);
        if (sequence is not null)
        {
            return Arguments.Has(name)
                ? throw new MongoError(40413, $"BSON field '{Command.Name}.{name}' is a duplicate field")
                : sequence;
        }
        var documents = new List<BsonDoc>();
        foreach (BsonElement element in Arguments.Array(name))
        {
            documents.Add(element.Value.IsDocument
                ? element.Value.AsDocument
                : throw new MongoError(
                    ErrorCode.TypeMismatch,
                    $"BSON field '{Command.Name}.{name}.{element.Name}' is the wrong type '{element.Value.Type.Name()}', expected type 'object'"));
        }
        return documents;
    }
}

/// <summary>What an operation looked at and changed.</summary>
internal sealed class OperationFigures
{
    public string? Namespace { get; set; }

    public string? Plan { get; set; }

    public long KeysExamined { get; set; }

    public long DocumentsExamined { get; set; }

    public long Returned { get; set; }
}

/// <summary>
/// A hello that is answered when the topology changes or after <paramref name="MaxAwait"/>.
/// <para><paramref name="Immediately"/>: The client's version differs, so the first answer does not wait.</para>
/// </summary>
internal sealed record AwaitableHello(TimeSpan MaxAwait, bool Immediately);

/// <summary>How a command ended, besides what it wrote.</summary>
internal readonly record struct CommandResult(AwaitableHello? Await);

internal static class QueryContexts
{
    /// <summary>A context with the values of <c>let</c>.</summary>
    public static QueryContext Create(CommandArguments arguments, string letField = "let")
    {
        if (arguments.DocumentOrNull(letField) is not BsonDoc let || let.IsEmpty)
        {
            return QueryContext.Create();
        }
        QueryContext bare = QueryContext.Create();
        return new QueryContext(
            DateTimeOffset.FromUnixTimeMilliseconds(bare.Now.AsDateTimeMs).UtcDateTime, Aggregation.Expression.EvaluateLet(let.Detach(), bare));
    }
}
