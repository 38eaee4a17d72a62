using System.Buffers.Binary;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// The entries of a document in an index, as keys of the store: the index's ident, the encoded values, and, unless the index is
/// unique, the record id and its length. An entry of a unique index has the record id as its value instead, so that looking for a
/// duplicate is one get.
/// <example>
/// {_id: 7, a: "x"} in index 17 on {a: 1}:  00 00 00 11 | 11 'x' 00 00 | 0C C0 1C 00 00 00 00 00 00 00 | 0A
/// </example>
/// </summary>
internal static class IndexEntries
{
    // The last byte of an entry is the length of the record id before it, or this when four more bytes give the length.
    private const byte LongRecordId = 0xFF;

    /// <summary>
    /// Appends the entries of a document for one index to <paramref name="entries"/>.
    /// <para><paramref name="recordId"/>: Record key without its collection's ident.</para>
    /// </summary>
    /// <returns>True when an array was on the way: the index is multikey then.</returns>
    /// <exception cref="MongoError">CannotIndexParallelArrays (171).</exception>
    public static bool Collect(IndexInfo index, int indexPosition, BsonDoc document, ReadOnlySpan<byte> recordId, EntrySet entries)
    {
        if (index.Partial is not null && !index.Partial.IsMatch(document))
        {
            return false;
        }
        if (TryCollectPlain(index, indexPosition, document, recordId, entries))
        {
            return false;
        }
        bool multikey = IndexKeys.Collect(document, index.Paths, out List<BsonValue[]> keys, index.Sparse);
        foreach (BsonValue[] key in keys)
        {
            if (!index.Sparse || Array.Exists(key, v => !v.IsMissing))
            {
                Add(index, indexPosition, key, recordId, entries);
            }
        }
        return multikey;
    }

    /// <summary>The values of the entry <paramref name="storedKey"/> of a unique index, as an error shows them.</summary>
    public static BsonDoc KeyValue(IndexInfo index, BsonDoc document, ReadOnlySpan<byte> storedKey)
    {
        IndexKeys.Collect(document, index.Paths, out List<BsonValue[]> keys, index.Sparse);
        var entries = new EntrySet();
        BsonValue[] hit = keys[0];
        foreach (BsonValue[] key in keys)
        {
            entries.Clear();
            Add(index, 0, key, [], entries);
            if (entries.Key(0).SequenceEqual(storedKey))
            {
                hit = key;
            }
        }
        using var writer = new BsonWriter();
        for (int f = 0; f < hit.Length; f++)
        {
            writer.Write(index.Fields[f].Path, hit[f].IsMissing ? BsonValue.Null : hit[f]);
        }
        return writer.ToDocument();
    }

    /// <summary>The record id at the end of an entry of an index that is not unique.</summary>
    public static ReadOnlySpan<byte> RecordIdOf(ReadOnlySpan<byte> key)
    {
        int length = key[^1];
        return length < LongRecordId
            ? key.Slice(key.Length - 1 - length, length)
            : key[..^5][^(int)BinaryPrimitives.ReadUInt32BigEndian(key[^5..])..];
    }

    // The common case, fields that are no arrays, needs no lists.
    private static bool TryCollectPlain(IndexInfo index, int indexPosition, BsonDoc document, ReadOnlySpan<byte> recordId, EntrySet entries)
    {
        bool any = false;
        foreach (FieldPath path in index.Paths)
        {
            if (path.Count != 1 || document.Get(path.Segment(0)) is { IsArray: true })
            {
                return false;
            }
        }
        var writer = new KeyWriter(stackalloc byte[256]);
        try
        {
            writer.UInt32(index.Ident);
            for (int f = 0; f < index.Fields.Length; f++)
            {
                BsonValue value = document.Get(index.Paths[f].Segment(0));
                any |= !value.IsMissing;
                KeyEncoding.Append(ref writer, value, index.Fields[f].Descending);
            }
            if (any || !index.Sparse)
            {
                Finish(ref writer, index, recordId);
                entries.Add(index, indexPosition, writer.Written);
            }
        }
        finally
        {
            writer.Dispose();
        }
        return true;
    }

    private static void Add(IndexInfo index, int indexPosition, BsonValue[] key, ReadOnlySpan<byte> recordId, EntrySet entries)
    {
        var writer = new KeyWriter(stackalloc byte[256]);
        try
        {
            writer.UInt32(index.Ident);
            for (int f = 0; f < key.Length; f++)
            {
                KeyEncoding.Append(ref writer, key[f], index.Fields[f].Descending);
            }
            Finish(ref writer, index, recordId);
            entries.Add(index, indexPosition, writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static void Finish(ref KeyWriter writer, IndexInfo index, ReadOnlySpan<byte> recordId)
    {
        if (index.Unique)
        {
            return;
        }
        writer.Bytes(recordId);
        if (recordId.Length < LongRecordId)
        {
            writer.Byte((byte)recordId.Length);
        }
        else
        {
            writer.UInt32((uint)recordId.Length);
            writer.Byte(LongRecordId);
        }
    }
}
