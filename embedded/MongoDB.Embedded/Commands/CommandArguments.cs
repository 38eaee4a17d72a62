using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary>Reads the fields of a command, or of one of its statements, with the errors of the server's own parser.</summary>
internal readonly struct CommandArguments(string owner, BsonDoc body)
{
    public BsonDoc Body => body;

    /// <summary>What error messages call the document, such as <c>find</c> or <c>update.updates</c>.</summary>
    public string Owner => owner;

    public BsonValue this[string name] => body[name];

    public bool Has(string name) => !body[name].IsMissing;

    public BsonDoc Document(string name) => DocumentOrNull(name) ?? throw Missing(name);

    public BsonDoc DocumentOrEmpty(string name) => DocumentOrNull(name) ?? BsonDoc.Empty;

    public BsonDoc? DocumentOrNull(string name)
    {
        BsonValue value = body[name];
        return value.IsMissing || value.IsNull ? null : value.IsDocument ? value.AsDocument : throw WrongType(name, value, "object");
    }

    public BsonDoc? ArrayOrNull(string name)
    {
        BsonValue value = body[name];
        return value.IsMissing || value.IsNull ? null : value.IsArray ? value.AsDocument : throw WrongType(name, value, "array");
    }

    public BsonDoc Array(string name) => ArrayOrNull(name) ?? throw Missing(name);

    public string String(string name) => StringOrNull(name) ?? throw Missing(name);

    public string? StringOrNull(string name)
    {
        BsonValue value = body[name];
        return value.IsMissing ? null : value.IsString ? value.AsString : throw WrongType(name, value, "string");
    }

    public bool Boolean(string name, bool fallback = false)
    {
        BsonValue value = body[name];
        return value.Type switch
        {
            BsonType.Missing => fallback,
            BsonType.Boolean => value.AsBoolean,
            BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => value.IsTruthy,
            _ => throw new MongoError(
                ErrorCode.TypeMismatch,
                $"BSON field '{owner}.{name}' is the wrong type '{value.Type.Name()}', expected types '[bool, long, int, decimal, double]'"),
        };
    }

    /// <summary>A whole number that is not negative; numbers of any type are taken.</summary>
    public long? Count(string name)
    {
        BsonValue value = body[name];
        if (value.IsMissing || value.IsNull)
        {
            return null;
        }
        long number = Integer(name, value);
        return number >= 0
            ? number
            : throw new MongoError(51024, $"BSON field '{name}' value must be >= 0, actual value '{number}'");
    }

    public long? IntegerOrNull(string name)
    {
        BsonValue value = body[name];
        return value.IsMissing ? null : Integer(name, value);
    }

    public MongoError Missing(string name) => new(40414, $"BSON field '{owner}.{name}' is missing but a required field");

    public MongoError Unknown(string name) => new(40415, $"BSON field '{owner}.{name}' is an unknown field.");

    public MongoError WrongType(string name, BsonValue value, string expected) => new(
        ErrorCode.TypeMismatch,
        $"BSON field '{owner}.{name}' is the wrong type '{value.Type.Name()}', expected type '{expected}'");

    /// <summary>Refuses fields other than those named.</summary>
    public void Allow(params ReadOnlySpan<string> names)
    {
        foreach (BsonElement element in body)
        {
            string name = element.Name;
            if (!names.Contains(name))
            {
                throw Unknown(name);
            }
        }
    }

    private long Integer(string name, BsonValue value) => value.IsNumber
        ? value.ToInt64Saturating()
        : throw new MongoError(
            ErrorCode.TypeMismatch,
            $"BSON field '{owner}.{name}' is the wrong type '{value.Type.Name()}', expected types '[long, int, decimal, double]'");
}
