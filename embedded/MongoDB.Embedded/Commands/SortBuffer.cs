using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Commands;

/// <summary>
/// Sorts documents in memory, stable, within 100 MB ("Sort and Index Use" in the manual); with a limit only the first so many are
/// kept.
/// </summary>
internal sealed class SortBuffer(SortPattern pattern, long keep, bool allowDiskUse)
{
    private const long MaxBytes = 100L << 20;

    private readonly List<Row> _rows = [];
    private long _bytes;
    private long _order;

    private readonly record struct Row(BsonValue[] Key, long Order, BsonDoc Document, byte[]? RecordKey);

    public int Count => _rows.Count;

    public BsonDoc this[int i] => _rows[i].Document;

    /// <summary>The record key given with the document.</summary>
    public ReadOnlySpan<byte> RecordKey(int i) => _rows[i].RecordKey;

    /// <summary>Takes a document that owns its bytes.</summary>
    /// <exception cref="MongoError">QueryExceededMemoryLimitNoDiskUseAllowed (292).</exception>
    public void Add(BsonDoc document, byte[]? recordKey = null)
    {
        _rows.Add(new Row(pattern.KeyOf(document), _order++, document, recordKey));
        _bytes += document.Length;
        bool many = keep < int.MaxValue / 2 && _rows.Count >= (keep * 2) + 1000;
        if (many || (_bytes > MaxBytes && _rows.Count > keep))
        {
            Sort();
        }
        // Spilling to disk is not there: who allows it takes the memory instead.
        if (_bytes > MaxBytes && !allowDiskUse)
        {
            throw new MongoError(
                ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed,
                $"Executor error during find command :: caused by :: Sort exceeded memory limit of {MaxBytes} bytes, but did not opt in to external sorting.");
        }
    }

    /// <summary>Sorts what there is and drops what is behind the limit.</summary>
    public void Sort()
    {
        _rows.Sort((a, b) =>
        {
            int order = pattern.CompareKeys(a.Key, b.Key);
            return order != 0 ? order : a.Order.CompareTo(b.Order);
        });
        if (_rows.Count > keep)
        {
            for (int i = (int)keep; i < _rows.Count; i++)
            {
                _bytes -= _rows[i].Document.Length;
            }
            _rows.RemoveRange((int)keep, _rows.Count - (int)keep);
        }
    }
}
