using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary><c>createUser</c>, <c>updateUser</c>, <c>dropUser</c>, <c>usersInfo</c>.</summary>
internal static class UserCommands
{
    public static readonly string[] ChangeFields = ["pwd", "roles", "digestPassword", "mechanisms", "customData"];

    public static readonly string[] InfoFields = ["showCredentials", "showPrivileges", "showAuthenticationRestrictions", "filter"];

    public static void Create(CommandContext context)
    {
        CommandArguments arguments = Checked(context);
        string user = Name(context);
        if (user.Length == 0)
        {
            throw MongoError.BadValue("User name must not be empty");
        }
        context.Server.Users.Create(user, context.Database, Password(arguments) ?? throw arguments.Missing("pwd"), Roles(context, arguments.Array("roles")));
        WriteReply.AwaitDurability(context);
    }

    public static void Update(CommandContext context)
    {
        CommandArguments arguments = Checked(context);
        BsonDoc? roles = arguments.ArrayOrNull("roles");
        string? password = Password(arguments);
        if (roles is null && password is null)
        {
            throw MongoError.BadValue("Must specify at least one field to update in updateUser");
        }
        context.Server.Users.Update(Name(context), context.Database, password, roles is BsonDoc given ? Roles(context, given) : null);
        WriteReply.AwaitDurability(context);
    }

    public static void Drop(CommandContext context)
    {
        context.Server.Users.Drop(Name(context), context.Database);
        WriteReply.AwaitDurability(context);
    }

    public static void Info(CommandContext context)
    {
        Func<BsonDoc, bool> wanted = Selector(context.Target, context.Database);
        context.Reply.StartArray("users");
        int i = 0;
        foreach (BsonDoc user in context.Server.Users.All().Where(wanted))
        {
            context.Reply.StartDocument(i++);
            foreach (BsonElement element in user)
            {
                if (element.Name != "credentials")
                {
                    context.Reply.RawElement(element.RawBytes);
                }
            }
            context.Reply.StartArray("mechanisms");
            context.Reply.Write(0, BsonValue.String(ScramConversation.Mechanism));
            context.Reply.End();
            context.Reply.End();
        }
        context.Reply.End();
    }

    private static CommandArguments Checked(CommandContext context)
    {
        CommandArguments arguments = context.Arguments;
        if (arguments.Has("customData"))
        {
            throw new MongoError(238, "customData of users is not supported by this server");
        }
        if (!arguments.Boolean("digestPassword", true))
        {
            throw MongoError.BadValue("Use of SCRAM-SHA-256 requires undigested passwords");
        }
        foreach (BsonElement mechanism in arguments.ArrayOrNull("mechanisms") ?? BsonDoc.Empty)
        {
            if (!mechanism.Value.IsString || mechanism.Value.AsString != ScramConversation.Mechanism)
            {
                throw MongoError.BadValue($"mechanism {BsonText.ToShell(mechanism.Value)} is not supported: this server has {ScramConversation.Mechanism}");
            }
        }
        return arguments;
    }

    private static string? Password(CommandArguments arguments) => arguments.StringOrNull("pwd") is string password
        ? password.Length > 0 ? password : throw new MongoError(50687, "Password cannot be empty")
        : null;

    private static string Name(CommandContext context) => context.Target.IsString
        ? context.Target.AsString
        : throw context.Arguments.WrongType(context.Command.Name, context.Target, "string");

    private static List<UserRole> Roles(CommandContext context, BsonDoc array)
    {
        var roles = new List<UserRole>();
        foreach (BsonElement element in array)
        {
            BsonValue role = element.Value;
            if (role.IsString)
            {
                roles.Add(new UserRole(role.AsString, context.Database));
            }
            else if (role.IsDocument && role.AsDocument.Get("role"u8) is { IsString: true } name && role.AsDocument.Get("db"u8) is { IsString: true } database)
            {
                roles.Add(new UserRole(name.AsString, database.AsString));
            }
            else
            {
                throw MongoError.BadValue("Role names must be either strings or objects with role and db");
            }
        }
        return roles;
    }

    private static Func<BsonDoc, bool> Selector(BsonValue target, string database)
    {
        if (target.IsString)
        {
            string name = target.AsString;
            return user => Is(user, name, database);
        }
        if (target.IsArray)
        {
            var selectors = new List<Func<BsonDoc, bool>>();
            foreach (BsonElement element in target.AsDocument)
            {
                selectors.Add(Selector(element.Value, database));
            }
            return user => selectors.Exists(selector => selector(user));
        }
        if (target.IsDocument)
        {
            BsonDoc which = target.AsDocument;
            if (which.Get("forAllDBs"u8).IsTruthy)
            {
                return _ => true;
            }
            string name = new CommandArguments("usersInfo", which).String("user");
            string home = new CommandArguments("usersInfo", which).String("db");
            return user => Is(user, name, home);
        }
        return target.IsNumber
            ? user => user["db"].AsString == database
            : throw MongoError.BadValue("User and role names must be either strings or objects");
    }

    private static bool Is(BsonDoc user, string name, string database) => user["user"].AsString == name && user["db"].AsString == database;
}
