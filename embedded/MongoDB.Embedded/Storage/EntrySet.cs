namespace MongoDB.Embedded.Storage;

/// <summary>
/// The index entries of one document: keys as the store has them. Reused from document to document; keys lie in one buffer.
/// </summary>
internal sealed class EntrySet
{
    private readonly List<Entry> _entries = [];
    private byte[] _buffer = new byte[256];
    private int _used;

    private readonly record struct Entry(IndexInfo Index, int Start, int Length, int SortedPosition);

    public int Count => _entries.Count;

    public IndexInfo Index(int i) => _entries[i].Index;

    public ReadOnlySpan<byte> Key(int i) => _buffer.AsSpan(_entries[i].Start, _entries[i].Length);

    public void Clear()
    {
        _entries.Clear();
        _used = 0;
    }

    public void Add(IndexInfo index, int indexPosition, ReadOnlySpan<byte> key)
    {
        if (key.Length > _buffer.Length - _used)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + key.Length));
        }
        key.CopyTo(_buffer.AsSpan(_used));
        _entries.Add(new Entry(index, _used, key.Length, indexPosition));
        _used += key.Length;
    }

    /// <summary>Sorts by index and key, and drops keys that an array yielded twice.</summary>
    public void SortDistinct()
    {
        if (_entries.Count < 2)
        {
            return;
        }
        _entries.Sort(Compare);
        int kept = 1;
        for (int i = 1; i < _entries.Count; i++)
        {
            if (Compare(_entries[i], _entries[kept - 1]) != 0)
            {
                _entries[kept++] = _entries[i];
            }
        }
        _entries.RemoveRange(kept, _entries.Count - kept);
    }

    /// <summary>Compares entry <paramref name="i"/> of this set with entry <paramref name="j"/> of another; both are sorted.</summary>
    public int Compare(int i, EntrySet other, int j)
    {
        int order = _entries[i].SortedPosition.CompareTo(other._entries[j].SortedPosition);
        return order != 0 ? order : Key(i).SequenceCompareTo(other.Key(j));
    }

    private int Compare(Entry a, Entry b)
    {
        int order = a.SortedPosition.CompareTo(b.SortedPosition);
        return order != 0
            ? order
            : _buffer.AsSpan(a.Start, a.Length).SequenceCompareTo(_buffer.AsSpan(b.Start, b.Length));
    }
}
