using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>What the write commands have in common: which collections they may touch, their errors, their durability.</summary>
internal static class WriteReply
{
    public const int MaxBatch = 100_000;

    /// <exception cref="MongoError">InvalidLength (16).</exception>
    public static void CheckBatch(int operations)
    {
        if (operations is < 1 or > MaxBatch)
        {
            throw new MongoError(
                ErrorCode.InvalidLength, $"Write batch sizes must be between 1 and {MaxBatch}. Got {operations} operations.");
        }
    }

    /// <exception cref="MongoError">Unauthorized (13) or InvalidNamespace (73) for collections that belong to the server.</exception>
    public static void CheckWritable(Namespace name)
    {
        if (name == Auth.UserStore.Users)
        {
            throw new MongoError(ErrorCode.Unauthorized, $"not authorized on {name.Database} to write to {name.FullName}: use createUser, updateUser and dropUser");
        }
        if (name.IsSystem && name.Collection is not ("system.js" or "system.profile"))
        {
            throw new MongoError(ErrorCode.InvalidNamespace, $"cannot write to '{name.FullName}'");
        }
    }

    /// <summary>Waits until the command's writes are on stable storage, if the client asked for it.</summary>
    public static void AwaitDurability(CommandContext context)
    {
        if (context.Generic.Journaled)
        {
            context.Engine.Journal.WaitDurable();
        }
    }

    public static void WriteErrors(BsonWriter reply, List<(int Index, MongoError Error)> errors)
    {
        if (errors.Count == 0)
        {
            return;
        }
        reply.StartArray("writeErrors");
        for (int i = 0; i < errors.Count; i++)
        {
            reply.StartDocument(i);
            reply.Write("index", errors[i].Index);
            reply.Write("code", errors[i].Error.Code);
            if (errors[i].Error.Extra is BsonDoc extra)
            {
                reply.WriteElements(extra);
            }
            reply.Write("errmsg", errors[i].Error.Message);
            reply.End();
        }
        reply.End();
    }
}
