using System.Runtime.CompilerServices;

namespace Aspire.Dashboard.Telemetry;

/// <summary>The newest samples of a series. It grows as needed up to a number; then the oldest makes place.</summary>
internal sealed class SampleRing<T>(int limit)
    where T : struct
{
    private T[] _items = [];
    private int _first;

    public int Count { get; private set; }

    public long Bytes => (long)_items.Length * Unsafe.SizeOf<T>();

    /// <summary>By age, the oldest first.</summary>
    public ref T this[int index] => ref _items[(_first + index) % _items.Length];

    public ref T Last => ref this[Count - 1];

    public void Add(T item)
    {
        if (Count == limit)
        {
            RemoveFirst();
        }
        else if (Count == _items.Length)
        {
            var grown = new T[Math.Min(limit, Math.Max(4, Count * 2))];
            for (var i = 0; i < Count; i++)
            {
                grown[i] = this[i];
            }

            (_items, _first) = (grown, 0);
        }

        Count++;
        Last = item;
    }

    public void RemoveFirst()
    {
        this[0] = default;
        _first = (_first + 1) % _items.Length;
        Count--;
    }
}
