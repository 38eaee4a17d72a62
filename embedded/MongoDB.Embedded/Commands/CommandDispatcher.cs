using System.Diagnostics;
using System.Text;
using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Rocks;
using MongoDB.Embedded.Wire;

namespace MongoDB.Embedded.Commands;

/// <summary>Finds a message's command, checks who may run it, runs it, and turns errors into replies.</summary>
internal sealed class CommandDispatcher(ServerState server)
{
    /// <summary>Runs the command and leaves its reply, closed but for <c>Finish</c>, in <paramref name="reply"/>.</summary>
    public CommandResult Run(ClientState client, OpMsg message, BsonWriter reply)
    {
        long start = Stopwatch.GetTimestamp();
        reply.Reset();
        CommandContext? context = null;
        try
        {
            context = Prepare(client, message, reply);
            context.Command.Run(context);
            reply.Write("ok", 1.0);
            return new CommandResult(context.Await);
        }
        catch (MongoError e)
        {
            WriteError(reply, e);
        }
        catch (RocksException e)
        {
            server.Log.Error("STORAGE", 4103, "Storage error", ("error", e.Message), ("command", context?.Command.Name));
            WriteError(reply, FromStorage(e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A fault of this server. The client is told so, the log has the place, and the other connections go on.
            server.Log.Error("COMMAND", 4104, "Unexpected error", ("command", context?.Command.Name), ("error", e.ToString()));
            WriteError(reply, new MongoError(ErrorCode.InternalError, $"unexpected {e.GetType().Name} in the server; its log has the details"));
        }
        finally
        {
            Log(context, start);
        }
        return default;
    }

    /// <summary>
    /// Runs a handshake command that came as OP_QUERY, from a client that does not know yet what the server speaks; answers others
    /// with error 352, as the server does.
    /// </summary>
    public void RunLegacy(ClientState client, string database, BsonDoc command, BsonWriter reply)
    {
        string name = command.IsEmpty ? "" : command.First.Name;
        if (name is not ("isMaster" or "ismaster" or "hello" or "saslStart" or "saslContinue" or "buildInfo" or "buildinfo"))
        {
            WriteError(reply, new MongoError(352, $"Unsupported OP_QUERY command: {name}. The client driver may require an upgrade."));
            return;
        }
        using var body = new BsonWriter();
        body.WriteElements(command);
        body.Write("$db", database);
        Run(client, OpMsg.FromBody(body.ToDocument()), reply);
    }

    /// <summary>Writes a further answer to an awaitable hello.</summary>
    public void WriteHello(ClientState client, BsonDoc body, BsonWriter reply)
    {
        reply.Reset();
        HelloCommand.WriteReply(server, client, reply, body.First.Name == "hello");
        reply.Write("ok", 1.0);
    }

    /// <summary>Replaces what is in <paramref name="reply"/> by an error.</summary>
    public static void WriteError(BsonWriter reply, MongoError error)
    {
        reply.Reset();
        reply.Write("ok", 0.0);
        reply.Write("errmsg", error.Message);
        reply.Write("code", error.Code);
        reply.Write("codeName", error.CodeName);
        if (error.Extra is BsonDoc extra)
        {
            reply.WriteElements(extra);
        }
    }

    private CommandContext Prepare(ClientState client, OpMsg message, BsonWriter reply)
    {
        BsonDoc body = message.Body;
        if (body.IsEmpty)
        {
            throw new MongoError(ErrorCode.CommandNotFound, "no such command: ''");
        }
        Command command = Find(body.First.NameUtf8);
        GenericArguments generic = GenericArguments.Parse(command, body);
        Authorize(client, command, generic.Database);
        server.Counters.Count(command.Name, 1);
        return new CommandContext
        {
            Server = server,
            Client = client,
            Command = command,
            Message = message,
            Generic = generic,
            Operation = new OperationContext(generic.MaxTime, server.Shutdown),
            Reply = reply,
        };
    }

    private static Command Find(ReadOnlySpan<byte> nameUtf8)
    {
        Span<char> name = stackalloc char[64];
        if (nameUtf8.Length <= name.Length && Encoding.UTF8.TryGetChars(nameUtf8, name, out int length)
            && CommandTable.Lookup.TryGetValue(name[..length], out Command? command))
        {
            return command;
        }
        throw new MongoError(ErrorCode.CommandNotFound, $"no such command: '{Encoding.UTF8.GetString(nameUtf8)}'");
    }

    private void Authorize(ClientState client, Command command, string database)
    {
        if (client.AuthRequired && command.Privilege != Privilege.None)
        {
            UserIdentity? user = client.User;
            if (user is not null && user.Generation != server.Users.Generation)
            {
                // Somebody was changed or dropped since: privileges are those of now.
                user = client.User = server.Users.Identity(user.Name, user.Database);
            }
            if (user is null)
            {
                throw new MongoError(ErrorCode.Unauthorized, $"Command {command.Name} requires authentication");
            }
            if (!user.May(command.Privilege, command.AdminOnly ? "admin" : database))
            {
                throw new MongoError(ErrorCode.Unauthorized, $"not authorized on {database} to execute command {command.Name}");
            }
        }
        if (command.AdminOnly && database != "admin")
        {
            throw new MongoError(ErrorCode.Unauthorized, $"{command.Name} may only be run against the admin database.");
        }
    }

    private static MongoError FromStorage(RocksException e) => e.Message.Contains("No space left", StringComparison.Ordinal)
        ? new MongoError(14031, "the disk is full: nothing was written")
        : new MongoError(ErrorCode.OperationFailed, "the storage engine failed; the server's log has the details");

    private void Log(CommandContext? context, long start)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        if (context is null || elapsed < server.Options.SlowOperation)
        {
            return;
        }
        OperationFigures figures = context.Figures;
        server.Log.Info(
            "COMMAND", 51803, "Slow query", ("type", "command"), ("ns", figures.Namespace ?? context.Database), ("appName", context.Client.AppName),
            ("command", context.Command.Name), ("planSummary", figures.Plan), ("keysExamined", figures.KeysExamined),
            ("docsExamined", figures.DocumentsExamined), ("nreturned", figures.Returned), ("durationMillis", (long)elapsed.TotalMilliseconds));
    }
}
