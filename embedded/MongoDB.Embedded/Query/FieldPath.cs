using System.Text;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>A dotted path, split once into UTF-8 segments so that walking a document compares bytes and allocates nothing.</summary>
internal sealed class FieldPath
{
    private readonly byte[][] _segments;
    private readonly int[] _indexes;

    public FieldPath(string text)
    {
        Text = text;
        string[] names = text.Split('.');
        _segments = new byte[names.Length][];
        _indexes = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            _segments[i] = Encoding.UTF8.GetBytes(names[i]);
            _indexes[i] = ParseIndex(names[i]);
        }
    }

    public string Text { get; }

    public int Count => _segments.Length;

    public ReadOnlySpan<byte> Segment(int i) => _segments[i];

    /// <summary>The segment as an array index ("0", "17", not "01"), or -1.</summary>
    public int Index(int i) => _indexes[i];

    public string Name(int i) => Encoding.UTF8.GetString(_segments[i]);

    /// <summary>The segments from <paramref name="start"/> on, dotted.</summary>
    public string Suffix(int start) => string.Join('.', _segments.Skip(start).Select(Encoding.UTF8.GetString));

    /// <summary>The first <paramref name="count"/> segments, dotted.</summary>
    public string Prefix(int count) => string.Join('.', _segments.Take(count).Select(Encoding.UTF8.GetString));

    /// <summary>The value at the path through documents only; an array on the way makes it missing.</summary>
    public BsonValue Get(BsonDoc document)
    {
        BsonValue value = document.Get(_segments[0]);
        for (int i = 1; i < _segments.Length; i++)
        {
            if (!value.IsDocument)
            {
                return default;
            }
            value = value.AsDocument.Get(_segments[i]);
        }
        return value;
    }

    /// <inheritdoc />
    public override string ToString() => Text;

    internal static int ParseIndex(string name)
    {
        bool digits = name.Length is > 0 and <= 9 && !name.AsSpan().ContainsAnyExceptInRange('0', '9');
        return digits && (name.Length == 1 || name[0] != '0') ? int.Parse(name, System.Globalization.CultureInfo.InvariantCulture) : -1;
    }
}
