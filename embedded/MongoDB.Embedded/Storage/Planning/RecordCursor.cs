using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage.Rocks;

namespace MongoDB.Embedded.Storage.Planning;

/// <summary>
/// Executes a plan: walks its ranges, fetches, matches. Reads one moment of the store, whatever writers do meanwhile.
/// </summary>
internal sealed class RecordCursor : IDisposable
{
    private readonly StorageEngine _engine;
    private readonly QueryPlan _plan;
    private readonly Matcher? _matcher;
    private readonly bool _reuseBuffer;
    private readonly HashSet<byte[]>? _seen;
    private readonly uint _recordIdent;
    private RocksSnapshot? _snapshot;
    private RocksIterator? _iterator;
    private byte[] _buffer = [];
    private byte[] _recordKey = new byte[32];
    private int _recordKeyLength;
    private int _range = -1;
    private bool _onKey;

    /// <summary>
    /// <para><paramref name="collection"/>: Null when there is none: yields nothing.</para>
    /// <para><paramref name="matcher"/>: Null takes every candidate.</para>
    /// <para><paramref name="reuseBuffer"/>: True when a document is not used after the next move: spares an array for each.</para>
    /// </summary>
    public RecordCursor(
        StorageEngine engine, Collection? collection, QueryPlan plan, Matcher? matcher, OperationContext operation, bool reuseBuffer)
    {
        _engine = engine;
        _plan = collection is null ? QueryPlan.Eof : plan;
        _matcher = matcher;
        Operation = operation;
        _reuseBuffer = reuseBuffer;
        _recordIdent = collection?.Ident ?? 0;
        _seen = plan.NeedsDistinct ? new HashSet<byte[]>(KeyComparer.Instance) : null;
        if (_plan.Kind is PlanKind.IndexScan or PlanKind.CollectionScan)
        {
            Open(collection!);
        }
    }

    /// <summary>Checked for every candidate; replaced from batch to batch, since each has its own time limit.</summary>
    public OperationContext Operation { get; set; }

    /// <summary>The document the cursor is on.</summary>
    public BsonDoc Current { get; private set; }

    /// <summary>Its record's key; valid until the next move.</summary>
    public ReadOnlySpan<byte> CurrentKey => _recordKey.AsSpan(0, _recordKeyLength);

    public QueryPlan Plan => _plan;

    public long KeysExamined { get; private set; }

    public long DocumentsExamined { get; private set; }

    public bool MoveNext()
    {
        while (NextCandidate())
        {
            DocumentsExamined++;
            if (_matcher is null || _matcher.IsMatch(Current))
            {
                return true;
            }
        }
        return false;
    }

    public void Dispose()
    {
        _iterator?.Dispose();
        _iterator = null;
        _snapshot?.Dispose();
        _snapshot = null;
        _range = int.MaxValue - 1;
    }

    private void Open(Collection collection)
    {
        bool clustered = _plan.Index is null or { IsClustered: true };
        if (!clustered)
        {
            // Entries and the records they lead to have to be of one moment.
            _snapshot = _engine.Store.CreateSnapshot();
        }
        KeyInterval all = _plan.Kind == PlanKind.CollectionScan ? KeyInterval.Prefix(Ident.Start(collection.Ident), isPoint: false) : Hull(_plan.Ranges);
        _iterator = _engine.Store.CreateIterator(all.Low, all.High, _snapshot);
        if (_plan.Kind == PlanKind.CollectionScan)
        {
            _scan = [all];
        }
    }

    private IReadOnlyList<KeyInterval>? _scan;

    private IReadOnlyList<KeyInterval> Ranges => _scan ?? _plan.Ranges;

    private bool NextCandidate()
    {
        Operation.Check();
        return _plan.Kind switch
        {
            PlanKind.Eof => false,
            PlanKind.IdLookup => NextById(),
            PlanKind.CollectionScan => NextKey() && TakeRecord(),
            _ => _plan.Index!.IsClustered ? NextKey() && TakeRecord() : NextByIndex(),
        };
    }

    private bool NextById()
    {
        while (++_range < _plan.Ranges.Count)
        {
            KeysExamined++;
            SetKey(_plan.Ranges[_range].Low);
            if (Fetch())
            {
                return true;
            }
        }
        return false;
    }

    private bool NextByIndex()
    {
        while (NextKey())
        {
            KeysExamined++;
            ReadOnlySpan<byte> recordId = _plan.Index!.Unique ? _iterator!.Value : IndexEntries.RecordIdOf(_iterator!.Key);
            SetKey(_recordIdent, recordId);
            if ((_seen is null || _seen.Add(CurrentKey.ToArray())) && Fetch())
            {
                return true;
            }
            Operation.Check();
        }
        return false;
    }

    /// <summary>Moves to the next key inside a range, over the gaps between them.</summary>
    private bool NextKey()
    {
        IReadOnlyList<KeyInterval> ranges = Ranges;
        while (true)
        {
            if (_onKey)
            {
                _onKey = _plan.Reverse ? _iterator!.Previous() : _iterator!.Next();
            }
            else
            {
                if (++_range >= ranges.Count)
                {
                    return false;
                }
                KeyInterval next = RangeInOrder(ranges);
                _onKey = _plan.Reverse ? _iterator!.SeekBefore(next.High) : _iterator!.Seek(next.Low);
            }
            if (_onKey)
            {
                KeyInterval range = RangeInOrder(ranges);
                ReadOnlySpan<byte> key = _iterator!.Key;
                if (_plan.Reverse ? key.SequenceCompareTo(range.Low) >= 0 : key.SequenceCompareTo(range.High) < 0)
                {
                    return true;
                }
                _onKey = false;
            }
        }
    }

    private KeyInterval RangeInOrder(IReadOnlyList<KeyInterval> ranges) => ranges[_plan.Reverse ? ranges.Count - 1 - _range : _range];

    private bool TakeRecord()
    {
        SetKey(_iterator!.Key);
        ReadOnlySpan<byte> value = _iterator.Value;
        if (!_reuseBuffer)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(value.Length);
        }
        else if (_buffer.Length < value.Length)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(1024, value.Length * 2));
        }
        value.CopyTo(_buffer);
        Current = new BsonDoc(_buffer, 0, value.Length);
        return true;
    }

    private bool Fetch()
    {
        if (_buffer.Length == 0)
        {
            _buffer = GC.AllocateUninitializedArray<byte>(1024);
        }
        int length = _engine.Store.Get(CurrentKey, ref _buffer, _snapshot);
        if (length < 0)
        {
            return false;
        }
        Current = _reuseBuffer ? new BsonDoc(_buffer, 0, length) : BsonDoc.Wrap(_buffer.AsSpan(0, length).ToArray());
        return true;
    }

    private void SetKey(ReadOnlySpan<byte> key)
    {
        EnsureKey(key.Length);
        key.CopyTo(_recordKey);
        _recordKeyLength = key.Length;
    }

    private void SetKey(uint ident, ReadOnlySpan<byte> recordId)
    {
        EnsureKey(recordId.Length + 4);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(_recordKey, ident);
        recordId.CopyTo(_recordKey.AsSpan(4));
        _recordKeyLength = recordId.Length + 4;
    }

    private void EnsureKey(int length)
    {
        if (_recordKey.Length < length)
        {
            _recordKey = new byte[length * 2];
        }
    }

    // Ranges are sorted, but a wide one may end behind a later narrow one's end.
    private static KeyInterval Hull(IReadOnlyList<KeyInterval> ranges)
    {
        byte[] high = ranges[0].High;
        foreach (KeyInterval range in ranges)
        {
            high = range.High.AsSpan().SequenceCompareTo(high) > 0 ? range.High : high;
        }
        return new KeyInterval(ranges[0].Low, high, IsPoint: false);
    }
}
