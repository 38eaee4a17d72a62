using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Bson;

/// <summary>
/// Checks bytes off the wire once, so that everything behind it may trust them: lengths and terminators, type bytes, boolean
/// bytes, UTF-8 of names and strings, nesting depth.
/// </summary>
internal static class BsonValidator
{
    /// <summary>Nesting levels of a document ("MongoDB Limits and Thresholds": 100).</summary>
    public const int DefaultMaxDepth = 100;

    /// <exception cref="MongoError">InvalidBSON (22), or Overflow (15) when nested too deeply.</exception>
    public static void Validate(ReadOnlySpan<byte> bytes, int maxDepth = DefaultMaxDepth)
    {
        int end = Document(bytes, 0, maxDepth, maxDepth);
        if (end != bytes.Length)
        {
            throw Invalid($"the document is {end} bytes long but {bytes.Length} bytes were given");
        }
    }

    /// <summary>Checks the document that starts at the front of <paramref name="bytes"/> and returns its length.</summary>
    /// <exception cref="MongoError">InvalidBSON (22), or Overflow (15) when nested too deeply.</exception>
    public static int ValidatePrefix(ReadOnlySpan<byte> bytes, int maxDepth = DefaultMaxDepth) =>
        Document(bytes, 0, maxDepth, maxDepth);

    private static int Document(ReadOnlySpan<byte> bytes, int start, int levelsLeft, int maxDepth)
    {
        if (levelsLeft < 0)
        {
            throw new MongoError(ErrorCode.Overflow, $"BSONObj exceeds maximum nested object depth: {maxDepth}");
        }
        int length = Int32(bytes, start);
        if (length < 5 || length > bytes.Length - start)
        {
            throw Invalid($"invalid document length {length} at offset {start}");
        }
        int end = start + length;
        ReadOnlySpan<byte> document = bytes[..end];
        int position = start + 4;
        while (true)
        {
            if (position >= end)
            {
                throw Invalid($"document at offset {start} is not terminated with EOO");
            }
            var type = (BsonType)document[position++];
            if (type == BsonType.Missing)
            {
                return position == end
                    ? end
                    : throw Invalid($"document at offset {start} ends before its length of {length} bytes");
            }
            position = CString(document, position);
            position = Payload(document, type, position, levelsLeft, maxDepth);
        }
    }

    private static int Payload(ReadOnlySpan<byte> document, BsonType type, int position, int levelsLeft, int maxDepth)
    {
        switch (type)
        {
            case BsonType.Undefined or BsonType.Null or BsonType.MinKey or BsonType.MaxKey:
                return position;
            case BsonType.Boolean:
                Fits(document, position, 1);
                return document[position] <= 1
                    ? position + 1
                    : throw Invalid($"boolean byte {document[position]} at offset {position} is neither 0 nor 1");
            case BsonType.Int32:
                return Fits(document, position, 4);
            case BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64:
                return Fits(document, position, 8);
            case BsonType.ObjectId:
                return Fits(document, position, 12);
            case BsonType.Decimal128:
                return Fits(document, position, 16);
            case BsonType.String or BsonType.JavaScript or BsonType.Symbol:
                return LengthPrefixedString(document, position);
            case BsonType.DbPointer:
                return Fits(document, LengthPrefixedString(document, position), 12);
            case BsonType.Regex:
                return CString(document, CString(document, position));
            case BsonType.Document or BsonType.Array:
                return Document(document, position, levelsLeft - 1, maxDepth);
            case BsonType.Binary:
                int length = Int32(document, position);
                Fits(document, position, 5);
                return length >= 0 && length <= document.Length - position - 5
                    ? position + 5 + length
                    : throw Invalid($"invalid binary length {length} at offset {position}");
            case BsonType.JavaScriptWithScope:
                int total = Int32(document, position);
                int scope = LengthPrefixedString(document, position + 4);
                int end = Document(document, scope, levelsLeft - 1, maxDepth);
                return end - position == total
                    ? end
                    : throw Invalid($"invalid code-with-scope length {total} at offset {position}");
            default:
                throw Invalid($"Unrecognized BSON type {(byte)type} at offset {position}");
        }
    }

    private static int LengthPrefixedString(ReadOnlySpan<byte> document, int position)
    {
        int length = Int32(document, position);
        if (length < 1 || length > document.Length - position - 4)
        {
            throw Invalid($"invalid string length {length} at offset {position}");
        }
        ReadOnlySpan<byte> text = document.Slice(position + 4, length);
        if (text[^1] != 0)
        {
            throw Invalid($"string at offset {position} is not terminated with NUL");
        }
        if (!Utf8.IsValid(text[..^1]))
        {
            throw Invalid($"string at offset {position} is not valid UTF-8");
        }
        return position + 4 + length;
    }

    private static int CString(ReadOnlySpan<byte> document, int position)
    {
        int length = position > document.Length ? -1 : document[position..].IndexOf((byte)0);
        if (length < 0)
        {
            throw Invalid($"name at offset {position} is not terminated with NUL");
        }
        if (!Utf8.IsValid(document.Slice(position, length)))
        {
            throw Invalid($"name at offset {position} is not valid UTF-8");
        }
        return position + length + 1;
    }

    private static int Fits(ReadOnlySpan<byte> document, int position, int size) =>
        size <= document.Length - position ? position + size : throw Invalid($"value at offset {position} runs past the end");

    private static int Int32(ReadOnlySpan<byte> bytes, int position)
    {
        Fits(bytes, position, 4);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes[position..]);
    }

    private static MongoError Invalid(string what) => new(ErrorCode.InvalidBSON, what);
}
