namespace MongoDB.Embedded.Bson;

/// <summary>The type codes of bsonspec.org, and <see cref="Missing"/> for a value that is not there.</summary>
internal enum BsonType : byte
{
    Missing = 0,
    Double = 0x01,
    String = 0x02,
    Document = 0x03,
    Array = 0x04,
    Binary = 0x05,
    Undefined = 0x06,
    ObjectId = 0x07,
    Boolean = 0x08,
    DateTime = 0x09,
    Null = 0x0A,
    Regex = 0x0B,
    DbPointer = 0x0C,
    JavaScript = 0x0D,
    Symbol = 0x0E,
    JavaScriptWithScope = 0x0F,
    Int32 = 0x10,
    Timestamp = 0x11,
    Int64 = 0x12,
    Decimal128 = 0x13,
    MaxKey = 0x7F,
    MinKey = 0xFF,
}

/// <summary>What the server says about types: its names for them and the order of their brackets.</summary>
internal static class BsonTypes
{
    /// <summary>The alias that <c>$type</c> takes and error messages print.</summary>
    public static string Name(this BsonType type) => type switch
    {
        BsonType.Missing => "missing",
        BsonType.Double => "double",
        BsonType.String => "string",
        BsonType.Document => "object",
        BsonType.Array => "array",
        BsonType.Binary => "binData",
        BsonType.Undefined => "undefined",
        BsonType.ObjectId => "objectId",
        BsonType.Boolean => "bool",
        BsonType.DateTime => "date",
        BsonType.Null => "null",
        BsonType.Regex => "regex",
        BsonType.DbPointer => "dbPointer",
        BsonType.JavaScript => "javascript",
        BsonType.Symbol => "symbol",
        BsonType.JavaScriptWithScope => "javascriptWithScope",
        BsonType.Int32 => "int",
        BsonType.Timestamp => "timestamp",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        BsonType.MinKey => "minKey",
        BsonType.MaxKey => "maxKey",
        _ => $"invalid({(byte)type})",
    };

    /// <summary>The type of an alias (exact case); false for an unknown one and for <c>number</c>, which is four types.</summary>
    public static bool TryFromAlias(string alias, out BsonType type)
    {
        foreach (BsonType candidate in Enum.GetValues<BsonType>())
        {
            if (candidate != BsonType.Missing && Name(candidate) == alias)
            {
                type = candidate;
                return true;
            }
        }
        type = BsonType.Missing;
        return false;
    }

    /// <summary>The type of a number as <c>$type</c> takes it: -1 is minKey, 1..19 and 127 the others.</summary>
    public static bool TryFromCode(long code, out BsonType type)
    {
        type = code == -1 ? BsonType.MinKey : code is > 0 and < 0x80 ? (BsonType)code : BsonType.Missing;
        return type != BsonType.Missing && Enum.IsDefined(type);
    }

    public static bool IsNumber(this BsonType type) =>
        type is BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128;

    /// <summary>
    /// The bracket a type sorts in ("Comparison/Sort Order" in the manual). Values of one bracket compare with each other;
    /// values of different brackets compare by bracket.
    /// </summary>
    public static int Bracket(this BsonType type) => type switch
    {
        BsonType.MinKey => -1,
        BsonType.Missing or BsonType.Undefined => 0,
        BsonType.Null => 5,
        BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128 => 10,
        BsonType.String or BsonType.Symbol => 15,
        BsonType.Document => 20,
        BsonType.Array => 25,
        BsonType.Binary => 30,
        BsonType.ObjectId => 35,
        BsonType.Boolean => 40,
        BsonType.DateTime => 45,
        BsonType.Timestamp => 47,
        BsonType.Regex => 50,
        BsonType.DbPointer => 55,
        BsonType.JavaScript => 60,
        BsonType.JavaScriptWithScope => 65,
        BsonType.MaxKey => 127,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a BSON type"),
    };
}
