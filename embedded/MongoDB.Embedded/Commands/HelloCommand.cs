using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Wire;

namespace MongoDB.Embedded.Commands;

/// <summary><c>hello</c> and its older name <c>isMaster</c>: the handshake, and what the driver's monitor asks.</summary>
internal static class HelloCommand
{
    /// <summary>The wire version of server 7.0.</summary>
    public const int MaxWireVersion = 21;

    public const int SessionTimeoutMinutes = 30;

    private const long MaxAwaitMilliseconds = 60_000;

    public static void Run(CommandContext context)
    {
        BsonDoc body = context.Body;
        TakeClientName(context, body.Get("client"u8));
        context.Await = Awaitable(context.Server, body);
        WriteReply(context.Server, context.Client, context.Reply, context.Command.Name == "hello");
        if (body.Get("helloOk"u8).IsTruthy)
        {
            context.Reply.Write("helloOk", true);
        }
        if (body.Get("saslSupportedMechs"u8).IsString)
        {
            // The same for users that do not exist, so that nobody can ask which do.
            context.Reply.StartArray("saslSupportedMechs");
            context.Reply.Write(0, BsonValue.String(ScramConversation.Mechanism));
            context.Reply.End();
        }
        BsonValue speculative = body.Get("speculativeAuthenticate"u8);
        if (speculative.IsDocument)
        {
            SaslCommands.Speculative(context, speculative.AsDocument);
        }
    }

    /// <summary>Writes what every answer has.</summary>
    public static void WriteReply(ServerState server, ClientState client, BsonWriter reply, bool modern)
    {
        reply.Write(modern ? "isWritablePrimary" : "ismaster", true);
        reply.StartDocument("topologyVersion");
        reply.Write("processId", BsonValue.ObjectId(server.ProcessId));
        reply.Write("counter", 0L);
        reply.End();
        reply.Write("maxBsonObjectSize", Storage.CollectionWriter.MaxDocumentSize);
        reply.Write("maxMessageSizeBytes", MessageHeader.MaxMessageSize);
        reply.Write("maxWriteBatchSize", Commands.WriteReply.MaxBatch);
        reply.Write("localTime", BsonValue.DateTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        reply.Write("logicalSessionTimeoutMinutes", SessionTimeoutMinutes);
        reply.Write("connectionId", BsonValue.Integer(client.ConnectionId));
        reply.Write("minWireVersion", 0);
        reply.Write("maxWireVersion", MaxWireVersion);
        reply.Write("readOnly", false);
    }

    private static AwaitableHello? Awaitable(ServerState server, BsonDoc body)
    {
        BsonValue version = body.Get("topologyVersion"u8);
        BsonValue maxAwait = body.Get("maxAwaitTimeMS"u8);
        if (version.IsMissing && maxAwait.IsMissing)
        {
            return null;
        }
        if (!version.IsDocument || !maxAwait.IsNumber)
        {
            throw new MongoError(31368, "A request with a 'topologyVersion' must include 'maxAwaitTimeMS' and the other way round");
        }
        if (!maxAwait.TryToInt64Exact(out long milliseconds) || milliseconds < 0)
        {
            throw new MongoError(31373, "maxAwaitTimeMS must be a non-negative integer");
        }
        BsonDoc known = version.AsDocument;
        BsonValue process = known.Get("processId"u8);
        bool same = process.Type == BsonType.ObjectId && process.AsObjectId == server.ProcessId
            && known.Get("counter"u8).TryToInt64Exact(out long counter) && counter == 0;
        return new AwaitableHello(TimeSpan.FromMilliseconds(Math.Min(milliseconds, MaxAwaitMilliseconds)), Immediately: !same);
    }

    private static void TakeClientName(CommandContext context, BsonValue metadata)
    {
        if (!metadata.IsDocument)
        {
            return;
        }
        BsonDoc client = metadata.AsDocument;
        BsonValue application = client.Get("application"u8);
        if (application.IsDocument && application.AsDocument.Get("name"u8) is { IsString: true } name)
        {
            context.Client.AppName = name.AsString;
        }
        BsonValue driver = client.Get("driver"u8);
        context.Server.Log.Info(
            "NETWORK", 51800, "client metadata", ("remote", context.Client.Remote), ("connectionId", context.Client.ConnectionId),
            ("appName", context.Client.AppName), ("driver", driver.IsDocument ? BsonText.ToRelaxedJson(driver.AsDocument) : null));
    }
}
