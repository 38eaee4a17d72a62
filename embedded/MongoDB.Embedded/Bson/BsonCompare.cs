namespace MongoDB.Embedded.Bson;

/// <summary>
/// The total order of BSON values ("Comparison/Sort Order" in the manual): by bracket, then within it. Numbers of all four
/// types compare by exact value.
/// </summary>
internal static class BsonCompare
{
    private const double TwoTo63 = 9223372036854775808.0;

    /// <summary>Orders two values; a missing value counts as undefined, below null.</summary>
    public static int Compare(BsonValue a, BsonValue b)
    {
        int bracket = a.Type.Bracket();
        int order = bracket.CompareTo(b.Type.Bracket());
        return order != 0 ? order : CompareWithin(a, b);
    }

    public static bool Equals(BsonValue a, BsonValue b)
    {
        if (a.Type == b.Type && a.IsString)
        {
            return a.RawSlice.SequenceEqual(b.RawSlice);
        }
        return Compare(a, b) == 0;
    }

    /// <summary>Same type and same bytes: 1 and 1.0 are different. What a no-op update is measured by.</summary>
    public static bool BinaryEquals(BsonValue a, BsonValue b)
    {
        if (a.Type != b.Type)
        {
            return false;
        }
        if (a.IsMissing)
        {
            return true;
        }
        ReadOnlySpan<byte> rawA = a.RawSlice;
        if (!rawA.IsEmpty)
        {
            return rawA.SequenceEqual(b.RawSlice);
        }
        Span<byte> pa = stackalloc byte[8];
        Span<byte> pb = stackalloc byte[8];
        pa.Clear();
        pb.Clear();
        a.CopyPayload(pa);
        b.CopyPayload(pb);
        return pa.SequenceEqual(pb);
    }

    /// <summary>Orders documents element by element: type bracket, then name, then value; a prefix comes first.</summary>
    public static int Compare(BsonDoc a, BsonDoc b)
    {
        BsonDoc.Enumerator left = a.GetEnumerator();
        BsonDoc.Enumerator right = b.GetEnumerator();
        while (true)
        {
            bool moreLeft = left.MoveNext();
            bool moreRight = right.MoveNext();
            if (!moreLeft || !moreRight)
            {
                return moreLeft.CompareTo(moreRight);
            }
            BsonElement x = left.Current;
            BsonElement y = right.Current;
            int order = x.Type.Bracket().CompareTo(y.Type.Bracket());
            if (order == 0)
            {
                order = Math.Sign(x.NameUtf8.SequenceCompareTo(y.NameUtf8));
            }
            if (order == 0)
            {
                order = CompareWithin(x.Value, y.Value);
            }
            if (order != 0)
            {
                return order;
            }
        }
    }

    /// <summary>Orders two numbers of any types by exact value; NaN is below every other number and equal to itself.</summary>
    public static int CompareNumbers(BsonValue a, BsonValue b)
    {
        if (a.Type == BsonType.Decimal128)
        {
            return b.Type switch
            {
                BsonType.Decimal128 => Decimal128.Compare(a.AsDecimal, b.AsDecimal),
                BsonType.Double => Decimal128.CompareToDouble(a.AsDecimal, b.AsDouble),
                _ => Decimal128.Compare(a.AsDecimal, Decimal128.FromInt64(b.IntegerBits)),
            };
        }
        if (b.Type == BsonType.Decimal128)
        {
            return -CompareNumbers(b, a);
        }
        if (a.Type == BsonType.Double)
        {
            return b.Type == BsonType.Double ? CompareDoubles(a.AsDouble, b.AsDouble) : -CompareLongToDouble(b.IntegerBits, a.AsDouble);
        }
        return b.Type == BsonType.Double
            ? CompareLongToDouble(a.IntegerBits, b.AsDouble)
            : a.IntegerBits.CompareTo(b.IntegerBits);
    }

    // double.CompareTo puts NaN first and, as BSON does, treats 0.0 and -0.0 as equal.
    private static int CompareDoubles(double a, double b) => a.CompareTo(b);

    private static int CompareLongToDouble(long a, double b)
    {
        if (double.IsNaN(b))
        {
            return 1;
        }
        if (b >= TwoTo63)
        {
            return -1;
        }
        if (b < -TwoTo63)
        {
            return 1;
        }
        double whole = Math.Truncate(b);
        int order = a.CompareTo((long)whole);
        return order != 0 ? order : whole.CompareTo(b);
    }

    private static int CompareWithin(BsonValue a, BsonValue b)
    {
        switch (a.Type)
        {
            case BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128:
                return CompareNumbers(a, b);
            case BsonType.String or BsonType.Symbol or BsonType.JavaScript:
                return Math.Sign(a.StringUtf8.SequenceCompareTo(b.StringUtf8));
            case BsonType.Document or BsonType.Array:
                return Compare(a.AsDocument, b.AsDocument);
            case BsonType.Binary:
                int order = a.BinaryBytes.Length.CompareTo(b.BinaryBytes.Length);
                order = order != 0 ? order : a.BinarySubtype.CompareTo(b.BinarySubtype);
                return order != 0 ? order : Math.Sign(a.BinaryBytes.SequenceCompareTo(b.BinaryBytes));
            case BsonType.ObjectId:
                return Math.Sign(a.RawSlice.SequenceCompareTo(b.RawSlice));
            case BsonType.Boolean:
                return a.AsBoolean.CompareTo(b.AsBoolean);
            case BsonType.DateTime:
                return a.AsDateTimeMs.CompareTo(b.AsDateTimeMs);
            case BsonType.Timestamp:
                return a.AsTimestamp.CompareTo(b.AsTimestamp);
            case BsonType.Regex:
                // Pattern, NUL, options, NUL: bytewise order of the whole is order by pattern and then by options.
                return Math.Sign(a.RawSlice.SequenceCompareTo(b.RawSlice));
            case BsonType.DbPointer:
                int size = a.RawSlice.Length.CompareTo(b.RawSlice.Length);
                return size != 0 ? size : Math.Sign(a.RawSlice.SequenceCompareTo(b.RawSlice));
            case BsonType.JavaScriptWithScope:
                (string code, BsonDoc scope) = a.AsJavaScriptWithScope;
                (string otherCode, BsonDoc otherScope) = b.AsJavaScriptWithScope;
                int byCode = Math.Sign(string.CompareOrdinal(code, otherCode));
                return byCode != 0 ? byCode : Compare(scope, otherScope);
            default:
                return 0;
        }
    }
}
