using System.Text;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"String Expression Operators" without regular expressions.</summary>
internal static partial class StringOperators
{
    public static void Register(OperatorTable table)
    {
        table.Nary("$concat", 0, int.MaxValue, Concat);
        table.Unary("$toLower", value => BsonValue.String(AsciiCase(Coerce(value), lower: true)));
        table.Unary("$toUpper", value => BsonValue.String(AsciiCase(Coerce(value), lower: false)));
        table.Binary("$strcasecmp", (a, b) => BsonValue.Int32(Math.Sign(string.CompareOrdinal(
            AsciiCase(Coerce(a), lower: false), AsciiCase(Coerce(b), lower: false)))));
        table.Unary("$strLenBytes", value => value.IsString
            ? BsonValue.Int32(value.StringUtf8.Length)
            : throw new MongoError(34473, $"$strLenBytes requires a string argument, found: {value.Type.Name()}"));
        table.Unary("$strLenCP", value => value.IsString
            ? BsonValue.Int32(CodePoints(value.StringUtf8))
            : throw new MongoError(34471, $"$strLenCP requires a string argument, found: {value.Type.Name()}"));
        table.Nary("$substr", 3, 3, SubstringBytes);
        table.Nary("$substrBytes", 3, 3, SubstringBytes);
        table.Nary("$substrCP", 3, 3, SubstringCodePoints);
        table.Nary("$indexOfBytes", 2, 4, IndexOfBytes);
        table.Nary("$indexOfCP", 2, 4, IndexOfCodePoints);
        table.Binary("$split", Split);
        RegisterTrim(table);
        RegisterReplace(table);
    }

    private static BsonValue Concat(ReadOnlySpan<BsonValue> arguments)
    {
        int length = 0;
        foreach (BsonValue value in arguments)
        {
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            length += value.IsString
                ? value.StringUtf8.Length
                : throw new MongoError(16702, $"$concat only supports strings, not {value.Type.Name()}");
        }
        byte[] text = new byte[length];
        int at = 0;
        foreach (BsonValue value in arguments)
        {
            value.StringUtf8.CopyTo(text.AsSpan(at));
            at += value.StringUtf8.Length;
        }
        return BsonValue.String(text);
    }

    /// <summary>The text of a value as the case operators take it: numbers and dates are printed, nullish is empty.</summary>
    private static string Coerce(BsonValue value) => value.Type switch
    {
        BsonType.Missing or BsonType.Null or BsonType.Undefined => "",
        BsonType.String or BsonType.Symbol or BsonType.JavaScript => value.AsString,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 or BsonType.DateTime =>
            ConvertOperators.Text(value),
        BsonType.Timestamp => BsonText.ToShell(value),
        _ => throw new MongoError(16007, $"can't convert from BSON type {value.Type.Name()} to String"),
    };

    // The case operators are defined for ASCII; everything else stays.
    private static string AsciiCase(string text, bool lower) => string.Create(text.Length, (text, lower), static (span, state) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            char c = state.text[i];
            span[i] = state.lower
                ? char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c
                : char.IsAsciiLetterLower(c) ? (char)(c & ~0x20) : c;
        }
    });

    private static int CodePoints(ReadOnlySpan<byte> utf8)
    {
        int count = 0;
        foreach (byte b in utf8)
        {
            count += IsContinuation(b) ? 0 : 1;
        }
        return count;
    }

    private static bool IsContinuation(byte b) => (b & 0xC0) == 0x80;

    // The byte offset of a code point; the length when there are fewer.
    private static int Offset(ReadOnlySpan<byte> utf8, long codePoint)
    {
        int at = 0;
        while (codePoint > 0 && at < utf8.Length)
        {
            at++;
            while (at < utf8.Length && IsContinuation(utf8[at]))
            {
                at++;
            }
            codePoint--;
        }
        return at;
    }

    private static BsonValue SubstringBytes(ReadOnlySpan<BsonValue> arguments)
    {
        if (!arguments[1].IsNumber)
        {
            throw new MongoError(16034, $"$substrBytes:  starting index must be a numeric type (is BSON type {arguments[1].Type.Name()})");
        }
        if (!arguments[2].IsNumber)
        {
            throw new MongoError(16035, $"$substrBytes:  length must be a numeric type (is BSON type {arguments[2].Type.Name()})");
        }
        byte[] text = Encoding.UTF8.GetBytes(Coerce(arguments[0]));
        long start = arguments[1].ToInt64Saturating();
        long length = arguments[2].ToInt64Saturating();
        if (start < 0)
        {
            throw new MongoError(50752, $"$substrBytes: starting index must be non-negative (got: {start})");
        }
        if (start >= text.Length)
        {
            return BsonValue.EmptyString;
        }
        int from = (int)start;
        int to = length < 0 ? text.Length : (int)Math.Min(start + Math.Min(length, text.Length), text.Length);
        if (IsContinuation(text[from]))
        {
            throw new MongoError(28656, "$substrBytes:  Invalid range, starting index is a UTF-8 continuation byte.");
        }
        if (to < text.Length && IsContinuation(text[to]))
        {
            throw new MongoError(28657, "$substrBytes:  Invalid range, ending index is in the middle of a UTF-8 character.");
        }
        return BsonValue.String(text.AsSpan(from, to - from));
    }

    private static BsonValue SubstringCodePoints(ReadOnlySpan<BsonValue> arguments)
    {
        byte[] text = Encoding.UTF8.GetBytes(Coerce(arguments[0]));
        int start = CodePointArgument(arguments[1], 34450, "starting index");
        int length = CodePointArgument(arguments[2], 34452, "length");
        if (length < 0)
        {
            throw new MongoError(34454, "$substrCP: length must be a nonnegative integer.");
        }
        if (start < 0)
        {
            throw new MongoError(34455, "$substrCP: the starting index must be nonnegative integer.");
        }
        int from = Offset(text, start);
        int count = Offset(text.AsSpan(from), length);
        return BsonValue.String(text.AsSpan(from, count));
    }

    private static int CodePointArgument(BsonValue value, int code, string what)
    {
        if (!value.IsNumber)
        {
            throw new MongoError(code, $"$substrCP: {what} must be a numeric type (is BSON type {value.Type.Name()})");
        }
        return value.TryToInt32Exact(out int number)
            ? number
            : throw new MongoError(code + 1, $"$substrCP: {what} cannot be represented as a 32-bit integral value: {BsonText.ToShell(value)}");
    }

    private static BsonValue IndexOfBytes(ReadOnlySpan<BsonValue> arguments)
    {
        if (!SearchArguments("$indexOfBytes", 40091, arguments))
        {
            return BsonValue.Null;
        }
        (int start, int end) = ArrayOperators.SearchRange("$indexOfBytes", arguments);
        ReadOnlySpan<byte> text = arguments[0].StringUtf8;
        end = Math.Min(end, text.Length);
        if (start > end)
        {
            return BsonValue.Int32(-1);
        }
        int found = text[start..end].IndexOf(arguments[1].StringUtf8);
        return BsonValue.Int32(found < 0 ? -1 : start + found);
    }

    private static BsonValue IndexOfCodePoints(ReadOnlySpan<BsonValue> arguments)
    {
        if (!SearchArguments("$indexOfCP", 40093, arguments))
        {
            return BsonValue.Null;
        }
        (int start, int end) = ArrayOperators.SearchRange("$indexOfCP", arguments);
        ReadOnlySpan<byte> text = arguments[0].StringUtf8;
        int length = CodePoints(text);
        end = Math.Min(end, length);
        if (start > end)
        {
            return BsonValue.Int32(-1);
        }
        int from = Offset(text, start);
        int to = Offset(text, end);
        int found = text[from..to].IndexOf(arguments[1].StringUtf8);
        return BsonValue.Int32(found < 0 ? -1 : start + CodePoints(text.Slice(from, found)));
    }

    private static bool SearchArguments(string name, int code, ReadOnlySpan<BsonValue> arguments)
    {
        if (arguments[0].IsNullish)
        {
            return false;
        }
        if (!arguments[0].IsString)
        {
            throw new MongoError(code, $"{name} requires a string as the first argument, found: {arguments[0].Type.Name()}");
        }
        return arguments[1].IsString
            ? true
            : throw new MongoError(code + 1, $"{name} requires a string as the second argument, found: {arguments[1].Type.Name()}");
    }

    private static BsonValue Split(BsonValue text, BsonValue separator)
    {
        if (text.IsNullish || separator.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!text.IsString)
        {
            throw new MongoError(40085, $"$split requires an expression that evaluates to a string as a first argument, found: {text.Type.Name()}");
        }
        if (!separator.IsString)
        {
            throw new MongoError(40086, $"$split requires an expression that evaluates to a string as a second argument, found: {separator.Type.Name()}");
        }
        if (separator.StringUtf8.IsEmpty)
        {
            throw new MongoError(40087, "$split requires a non-empty separator");
        }
        return ArrayOperators.ToArray(text.AsString.Split(separator.AsString).Select(BsonValue.String));
    }
}
