using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

internal sealed partial class OperatorParser
{
    private static OperatorLeaf Regex(string pattern, string options) =>
        new(new RegexPredicate(pattern, options), PredicateKind.Regex, BsonValue.Regex(pattern, options))
        {
            Prefix = PcrePattern.Prefix(pattern, options),
        };

    private static OperatorLeaf RegexOperator(BsonValue value, BsonDoc siblings)
    {
        string pattern;
        string options = "";
        if (value.IsString)
        {
            pattern = value.AsString;
        }
        else if (value.Type == BsonType.Regex)
        {
            (pattern, options) = value.AsRegex;
        }
        else
        {
            throw MongoError.BadValue("$regex has to be a string");
        }
        BsonValue given = siblings.Get("$options"u8);
        if (!given.IsMissing)
        {
            if (!given.IsString)
            {
                throw MongoError.BadValue("$options has to be a string");
            }
            if (options.Length > 0)
            {
                throw new MongoError(51075, "options set in both $regex and $options");
            }
            options = given.AsString;
        }
        if (pattern.Contains('\0', StringComparison.Ordinal) || options.Contains('\0', StringComparison.Ordinal))
        {
            throw new MongoError(51109, "Regular expression cannot contain an embedded null byte");
        }
        return Regex(pattern, options);
    }

    private static OperatorLeaf Type(BsonValue value)
    {
        var types = new List<BsonType>();
        if (value.IsArray)
        {
            foreach (BsonElement element in value.AsDocument)
            {
                AddType(element.Value, types);
            }
            if (types.Count == 0)
            {
                throw MongoError.FailedToParse("$type must match at least one type");
            }
        }
        else
        {
            AddType(value, types);
        }
        return new OperatorLeaf(new TypePredicate(types), PredicateKind.Type) { Types = types };
    }

    private static void AddType(BsonValue value, List<BsonType> types)
    {
        BsonType type;
        if (value.IsString)
        {
            string alias = value.AsString;
            if (alias == "number")
            {
                types.AddRange([BsonType.Double, BsonType.Int32, BsonType.Int64, BsonType.Decimal128]);
                return;
            }
            if (!BsonTypes.TryFromAlias(alias, out type))
            {
                throw MongoError.BadValue($"Unknown type name alias: {alias}");
            }
        }
        else if (value.IsNumber)
        {
            if (!value.TryToInt64Exact(out long code) || !BsonTypes.TryFromCode(code, out type))
            {
                throw MongoError.BadValue($"Invalid numerical type code: {BsonText.ToShell(value)}");
            }
        }
        else
        {
            throw MongoError.TypeMismatch("type must be represented as a number or a string");
        }
        types.Add(type);
    }

    private static OperatorLeaf Mod(BsonValue value)
    {
        if (!value.IsArray)
        {
            throw MongoError.BadValue("malformed mod, needs to be an array");
        }
        var parts = new List<BsonValue>();
        foreach (BsonElement element in value.AsDocument)
        {
            parts.Add(element.Value);
        }
        if (parts.Count < 2)
        {
            throw MongoError.BadValue("malformed mod, not enough elements");
        }
        if (parts.Count > 2)
        {
            throw MongoError.BadValue("malformed mod, too many elements");
        }
        long divisor = ModPart(parts[0], "divisor");
        long remainder = ModPart(parts[1], "remainder");
        return divisor == 0
            ? throw MongoError.BadValue("divisor cannot be 0")
            : new OperatorLeaf(new ModPredicate(divisor, remainder), PredicateKind.Other);
    }

    private static long ModPart(BsonValue value, string name)
    {
        if (!value.IsNumber)
        {
            throw MongoError.BadValue($"malformed mod, {name} not a number");
        }
        bool finite = value.Type switch
        {
            BsonType.Double => Math.Abs(value.AsDouble) < 9.3e18,
            BsonType.Decimal128 => value.AsDecimal.RoundTo(0, DecimalRounding.TowardZero).TryToInt64Exact(out _),
            _ => true,
        };
        return finite
            ? value.ToInt64Saturating()
            : throw MongoError.BadValue($"malformed mod, {name} value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type");
    }

    private OperatorLeaf Bits(BitTest test, BsonElement element)
    {
        BsonValue value = element.Value;
        List<int> positions;
        if (value.Type == BsonType.Binary)
        {
            positions = BitsPredicate.PositionsOf(value.BinaryBytes);
        }
        else if (value.IsNumber)
        {
            positions = BitsPredicate.PositionsOf(NonNegative(element, "", ErrorCode.FailedToParse));
        }
        else if (value.IsArray)
        {
            positions = [];
            foreach (BsonElement bit in value.AsDocument)
            {
                long position = NonNegative(bit, "Failed to parse bit position. ", ErrorCode.FailedToParse);
                positions.Add(position <= int.MaxValue
                    ? (int)position
                    : throw MongoError.FailedToParse($"Failed to parse bit position. Cannot represent {bit} in an int"));
            }
        }
        else
        {
            throw MongoError.BadValue($"{field} takes an Array, a number, or a BinData but received: {element}");
        }
        return new OperatorLeaf(new BitsPredicate(test, positions), PredicateKind.Other);
    }

    private static long NonNegative(BsonElement element, string prefix, ErrorCode code)
    {
        BsonValue value = element.Value;
        if (!value.IsNumber)
        {
            throw new MongoError(code, $"{prefix}Expected a number in: {element}");
        }
        if (value.IsNaN)
        {
            throw new MongoError(code, $"{prefix}Expected an integer, but found NaN in: {element}");
        }
        if (!value.TryToInt64Exact(out long number))
        {
            bool tooLarge = value.Type == BsonType.Decimal128 || Math.Abs(value.ToDouble()) > long.MaxValue;
            throw new MongoError(code, tooLarge
                ? $"{prefix}Cannot represent as a 64-bit integer: {element}"
                : $"{prefix}Expected an integer: {element}");
        }
        return number >= 0 ? number : throw new MongoError(code, $"{prefix}Expected a non-negative number in: {element}");
    }
}
