namespace MongoDB.Embedded.Bson;

/// <summary>Hash codes and comparers that agree with <see cref="BsonCompare"/>: values that compare equal hash equal.</summary>
internal static class BsonHash
{
    public static int GetHashCode(BsonValue value)
    {
        var hash = new HashCode();
        Add(ref hash, value);
        return hash.ToHashCode();
    }

    private static void Add(ref HashCode hash, BsonValue value)
    {
        hash.Add(value.Type.Bracket());
        switch (value.Type)
        {
            case BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128:
                AddNumber(ref hash, value);
                break;
            case BsonType.String or BsonType.Symbol or BsonType.JavaScript:
                hash.AddBytes(value.StringUtf8);
                break;
            case BsonType.Document or BsonType.Array:
                foreach (BsonElement element in value.AsDocument)
                {
                    hash.AddBytes(element.NameUtf8);
                    Add(ref hash, element.Value);
                }
                break;
            case BsonType.Boolean:
                hash.Add(value.AsBoolean);
                break;
            case BsonType.DateTime:
                hash.Add(value.AsDateTimeMs);
                break;
            case BsonType.Timestamp:
                hash.Add(value.AsTimestamp);
                break;
            default:
                hash.AddBytes(value.RawSlice);
                break;
        }
    }

    // One number may come as any of four types, so it is hashed as the first of these that holds it exactly: long, double, decimal.
    private static void AddNumber(ref HashCode hash, BsonValue value)
    {
        if (value.TryToInt64Exact(out long whole))
        {
            hash.Add(whole);
        }
        else if (value.IsNaN)
        {
            hash.Add(double.NaN);
        }
        else if (value.Type == BsonType.Double)
        {
            hash.Add(value.AsDouble);
        }
        else
        {
            Decimal128 exact = value.AsDecimal;
            double nearest = exact.ToDouble();
            if (Decimal128.CompareToDouble(exact, nearest) == 0)
            {
                hash.Add(nearest);
            }
            else
            {
                hash.Add(exact.GetHashCode());
            }
        }
    }
}

/// <summary>Equality and order of single values, for dictionaries, sets and sorts.</summary>
internal sealed class BsonValueComparer : IEqualityComparer<BsonValue>, IComparer<BsonValue>
{
    public static BsonValueComparer Instance { get; } = new();

    public bool Equals(BsonValue x, BsonValue y) => BsonCompare.Equals(x, y);

    public int GetHashCode(BsonValue obj) => BsonHash.GetHashCode(obj);

    public int Compare(BsonValue x, BsonValue y) => BsonCompare.Compare(x, y);
}
