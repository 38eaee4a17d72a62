using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary>The arguments that every command takes ("Generic Command Arguments"): database, session, concerns, time limit.</summary>
internal sealed class GenericArguments
{
    public string Database { get; private set; } = "";

    /// <summary>The session's UUID as 16 bytes in hex, or null.</summary>
    public string? Session { get; private set; }

    public TimeSpan? MaxTime { get; private set; }

    /// <summary>writeConcern j.</summary>
    public bool Journaled { get; private set; }

    public bool HasApiVersion { get; private set; }

    /// <summary>Checks every field of a command: its own, generic, or unknown.</summary>
    /// <exception cref="MongoError">Location40415 for an unknown field, and the errors of each argument.</exception>
    public static GenericArguments Parse(Command command, BsonDoc body)
    {
        var result = new GenericArguments();
        bool first = true;
        foreach (BsonElement element in body)
        {
            if (first)
            {
                first = false;
                continue;
            }
            if (!result.Take(command, element) && !command.Knows(element.NameUtf8))
            {
                throw new CommandArguments(command.Name, body).Unknown(element.Name);
            }
        }
        return result.Database.Length > 0
            ? result
            : throw new MongoError(40571, "OP_MSG requests require a $db argument");
    }

    private bool Take(Command command, BsonElement element)
    {
        ReadOnlySpan<byte> name = element.NameUtf8;
        BsonValue value = element.Value;
        if (name.SequenceEqual("$db"u8))
        {
            Database = Typed(value, BsonType.String, "$db", "string").AsString;
        }
        else if (name.SequenceEqual("lsid"u8))
        {
            TakeSession(Typed(value, BsonType.Document, "lsid", "object").AsDocument);
        }
        else if (name.SequenceEqual("maxTimeMS"u8))
        {
            TakeMaxTime(value);
        }
        else if (name.SequenceEqual("writeConcern"u8))
        {
            TakeWriteConcern(command, Typed(value, BsonType.Document, "writeConcern", "object").AsDocument);
        }
        else if (name.SequenceEqual("readConcern"u8))
        {
            TakeReadConcern(command, Typed(value, BsonType.Document, "readConcern", "object").AsDocument);
        }
        else if (name.SequenceEqual("txnNumber"u8) || name.SequenceEqual("startTransaction"u8) || name.SequenceEqual("autocommit"u8))
        {
            throw new MongoError(ErrorCode.IllegalOperation, "Transaction numbers are only allowed on a replica set member or mongos");
        }
        else if (name.SequenceEqual("apiVersion"u8))
        {
            HasApiVersion = Typed(value, BsonType.String, "apiVersion", "string").AsString == "1"
                ? true
                : throw new MongoError(ErrorCode.APIVersionError, $"API version must be \"1\", not \"{value.AsString}\"");
        }
        else if (name.SequenceEqual("apiStrict"u8))
        {
            if (value.IsTruthy && !command.InApiV1)
            {
                throw new MongoError(
                    ErrorCode.APIStrictError, $"Provided apiStrict:true, but the command {command.Name} is not in API Version 1");
            }
        }
        else
        {
            return name.SequenceEqual("$clusterTime"u8)
                || name.SequenceEqual("$readPreference"u8)
                || name.SequenceEqual("comment"u8)
                || name.SequenceEqual("apiDeprecationErrors"u8)
                || name.SequenceEqual("$configServerState"u8)
                || name.SequenceEqual("$audit"u8);
        }
        return true;
    }

    private void TakeSession(BsonDoc lsid)
    {
        BsonValue id = lsid.Get("id"u8);
        if (id.Type != BsonType.Binary || id.BinarySubtype != 4 || id.BinaryBytes.Length != 16)
        {
            throw new MongoError(ErrorCode.InvalidUUID, "lsid.id has to be a UUID");
        }
        Session = Convert.ToHexString(id.BinaryBytes);
    }

    private void TakeMaxTime(BsonValue value)
    {
        if (!value.IsNumber)
        {
            throw MongoError.BadValue("maxTimeMS must be a number");
        }
        if (!value.TryToInt64Exact(out long milliseconds) || milliseconds is < 0 or > int.MaxValue)
        {
            throw MongoError.BadValue($"{BsonText.ToShell(value)} value for maxTimeMS is out of range [0, {int.MaxValue}]");
        }
        MaxTime = TimeSpan.FromMilliseconds(milliseconds);
    }

    private void TakeWriteConcern(Command command, BsonDoc concern)
    {
        BsonValue w = concern.Get("w"u8);
        if (w.IsNumber && w.ToDouble() > 1)
        {
            throw MongoError.BadValue("cannot use 'w' > 1 when a host is not replicated");
        }
        if (w.IsNumber && w.ToDouble() < 0)
        {
            throw new MongoError(ErrorCode.FailedToParse, $"w has to be a non-negative number and not greater than 50; found: {BsonText.ToShell(w)}");
        }
        if (w.IsString && w.AsString != "majority")
        {
            throw MongoError.BadValue($"cannot use non-majority 'w' mode {w.AsString} when a host is not a member of a replica set");
        }
        Journaled = concern.Get("j"u8).IsTruthy || concern.Get("fsync"u8).IsTruthy;
        foreach (BsonElement element in concern)
        {
            if (element.Name is not ("w" or "j" or "fsync" or "wtimeout" or "provenance"))
            {
                throw new CommandArguments("WriteConcern", concern).Unknown(element.Name);
            }
        }
        if (command.Privilege == Privilege.Read && command.Name != "aggregate" && !concern.IsEmpty)
        {
            throw new MongoError(ErrorCode.InvalidOptions, $"Command {command.Name} does not support writeConcern");
        }
    }

    private static void TakeReadConcern(Command command, BsonDoc concern)
    {
        BsonValue level = concern.Get("level"u8);
        if (level.IsMissing)
        {
            return;
        }
        switch (level.IsString ? level.AsString : "")
        {
            case "local" or "available" or "majority":
                return;
            case "linearizable":
                throw new MongoError(ErrorCode.NotAReplicaSet, "node needs to be a replica set member to use read concern");
            case "snapshot":
                throw new MongoError(ErrorCode.NotAReplicaSet, "node needs to be a replica set member to use readConcern: snapshot");
            default:
                throw MongoError.BadValue(
                    $"Enumeration value '{(level.IsString ? level.AsString : BsonText.ToShell(level))}' for field '{command.Name}.readConcern.level' is not a valid value.");
        }
    }

    private static BsonValue Typed(BsonValue value, BsonType type, string name, string expected) => value.Type == type
        ? value
        : throw new MongoError(
            ErrorCode.TypeMismatch, $"BSON field '{name}' is the wrong type '{value.Type.Name()}', expected type '{expected}'");
}
