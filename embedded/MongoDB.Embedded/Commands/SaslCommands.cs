using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary><c>saslStart</c>, <c>saslContinue</c>, <c>logout</c>, and the sign-in that hello carries along.</summary>
internal static class SaslCommands
{
    public static readonly string[] StartFields = ["mechanism", "payload", "options", "autoAuthorize", "db"];

    public static readonly string[] ContinueFields = ["conversationId", "payload"];

    private const int ConversationId = 1;

    public static void Start(CommandContext context)
    {
        CommandArguments arguments = context.Arguments;
        string mechanism = arguments.String("mechanism");
        byte[] reply = Begin(context, mechanism, arguments["payload"], arguments.DocumentOrEmpty("options"), context.Database);
        WriteStep(context.Reply, done: false, reply);
    }

    public static void Continue(CommandContext context)
    {
        ClientState client = context.Client;
        CommandArguments arguments = context.Arguments;
        ScramConversation conversation = client.Conversation is ScramConversation current && current.Database == context.Database
            ? current
            : throw new MongoError(ErrorCode.ProtocolError, "No SASL session state found");
        if (arguments.IntegerOrNull("conversationId") != ConversationId)
        {
            throw new MongoError(ErrorCode.ProtocolError, "sasl: Mismatched conversation id");
        }
        byte[] reply;
        try
        {
            reply = conversation.Continue(Payload(arguments["payload"]));
        }
        catch (MongoError)
        {
            client.Conversation = null;
            LogFailure(context, conversation.User, conversation.Database);
            throw;
        }
        if (conversation.Done)
        {
            client.Conversation = null;
            client.User = context.Server.Users.Identity(conversation.User, conversation.Database) ?? throw ScramConversation.Failed();
            context.Server.Log.Info(
                "ACCESS", 5286306, "Successfully authenticated", ("user", conversation.User), ("db", conversation.Database), ("remote", client.Remote));
        }
        WriteStep(context.Reply, conversation.Done, reply);
    }

    public static void Logout(CommandContext context)
    {
        context.Client.User = null;
        context.Client.Conversation = null;
    }

    /// <summary>The first step of a sign-in inside hello. When it cannot begin, the client finds no answer and starts over.</summary>
    public static void Speculative(CommandContext context, BsonDoc request)
    {
        BsonValue mechanism = request.Get("mechanism"u8);
        BsonValue database = request.Get("db"u8);
        if (mechanism.IsString && database.IsString && mechanism.AsString == ScramConversation.Mechanism)
        {
            BsonValue options = request.Get("options"u8);
            byte[] reply;
            try
            {
                reply = Begin(context, mechanism.AsString, request.Get("payload"u8), options.IsDocument ? options.AsDocument : BsonDoc.Empty, database.AsString);
            }
            catch (MongoError e)
            {
                context.Server.Log.Info("ACCESS", 5286307, "Speculative authentication was not begun", ("remote", context.Client.Remote), ("error", e.Message));
                return;
            }
            context.Reply.StartDocument("speculativeAuthenticate");
            WriteStep(context.Reply, done: false, reply);
            context.Reply.End();
        }
    }

    private static byte[] Begin(CommandContext context, string mechanism, BsonValue payload, BsonDoc options, string database)
    {
        context.Client.Conversation = null;
        if (mechanism != ScramConversation.Mechanism)
        {
            throw new MongoError(
                334, $"Received authentication for mechanism {mechanism} which is unknown or not enabled; this server has {ScramConversation.Mechanism}");
        }
        (ScramConversation conversation, byte[] reply) = ScramConversation.Start(
            Payload(payload), database, options.Get("skipEmptyExchange"u8).IsTruthy, user => context.Server.Users.LookUp(user, database));
        context.Client.Conversation = conversation;
        return reply;
    }

    private static ReadOnlySpan<byte> Payload(BsonValue value) => value.Type == BsonType.Binary
        ? value.BinaryBytes
        : throw new MongoError(ErrorCode.TypeMismatch, $"Wrong type for field (payload): {value.Type.Name()}");

    private static void WriteStep(BsonWriter reply, bool done, byte[] payload)
    {
        reply.Write("conversationId", ConversationId);
        reply.Write("done", done);
        reply.Write("payload", BsonValue.Binary(0, payload));
    }

    private static void LogFailure(CommandContext context, string user, string database) => context.Server.Log.Info(
        "ACCESS", 5286305, "Failed to authenticate", ("user", user), ("db", database), ("remote", context.Client.Remote));
}
