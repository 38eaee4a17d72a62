using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary>
/// Logical sessions, which on this server group cursors and nothing else, and transactions, which a standalone refuses.
/// </summary>
internal static class SessionCommands
{
    public static void Start(CommandContext context)
    {
        context.Reply.StartDocument("id");
        context.Reply.Write("id", BsonValue.Binary(4, Guid.NewGuid().ToByteArray(bigEndian: true)));
        context.Reply.End();
        context.Reply.Write("timeoutMinutes", HelloCommand.SessionTimeoutMinutes);
    }

    /// <summary>Closes the cursors of the sessions.</summary>
    public static void End(CommandContext context)
    {
        if (!context.Target.IsArray)
        {
            throw context.Arguments.WrongType(context.Command.Name, context.Target, "array");
        }
        foreach (BsonElement session in context.Target.AsDocument)
        {
            BsonValue id = session.Value.IsDocument ? session.Value.AsDocument.Get("id"u8) : default;
            if (id.Type == BsonType.Binary)
            {
                context.Server.Cursors.KillSession(Convert.ToHexString(id.BinaryBytes));
            }
        }
    }

    public static void Refresh(CommandContext context)
    {
        // A session has no state here that could run out.
    }

    public static void RefuseTransaction(CommandContext context) =>
        throw new MongoError(ErrorCode.IllegalOperation, "Transaction numbers are only allowed on a replica set member or mongos");
}
