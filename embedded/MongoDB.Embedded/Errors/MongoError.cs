using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Errors;

/// <summary>An error that a client sees: number, name and message as the server words them.</summary>
internal sealed class MongoError : Exception
{
    public MongoError(ErrorCode code, string message, BsonDoc? extra = null)
        : this((int)code, message, extra)
    {
    }

    /// <summary>For the server's numbers without a name, such as 16608: the code name is then <c>Location16608</c>.</summary>
    public MongoError(int code, string message, BsonDoc? extra = null)
        : base(message)
    {
        Code = code;
        Extra = extra;
    }

    public int Code { get; }

    public string CodeName => NameOf(Code);

    /// <summary>Further members of the reply, such as keyPattern and keyValue of a duplicate key.</summary>
    public BsonDoc? Extra { get; }

    public bool Is(ErrorCode code) => Code == (int)code;

    public static string NameOf(int code) => Enum.GetName((ErrorCode)code) ?? $"Location{code}";

    public static MongoError BadValue(string message) => new(ErrorCode.BadValue, message);

    public static MongoError FailedToParse(string message) => new(ErrorCode.FailedToParse, message);

    public static MongoError TypeMismatch(string message) => new(ErrorCode.TypeMismatch, message);

    /// <summary>The same error with a prefix on its message, as the server adds context on the way out.</summary>
    public MongoError WithContext(string context) => new(Code, $"{context} :: caused by :: {Message}", Extra);
}
