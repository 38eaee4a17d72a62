using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>A compiled condition on one value, after the path walk has dealt with arrays.</summary>
internal abstract class ValuePredicate
{
    /// <summary>Whether an array at the end of the path is also tested element by element.</summary>
    public virtual bool TraversesArrays => true;

    /// <param name="value">The value, possibly missing.</param>
    /// <param name="position">Set by predicates that look into an array, as <see cref="MatchNode.Matches"/> says.</param>
    public abstract bool Test(BsonValue value, ref int position);
}

/// <summary>All of several predicates on the same value: the value form of <c>$elemMatch</c>.</summary>
internal sealed class AllOfPredicate(ValuePredicate[] parts) : ValuePredicate
{
    public override bool Test(BsonValue value, ref int position)
    {
        foreach (ValuePredicate part in parts)
        {
            if (!part.Test(value, ref position))
            {
                return false;
            }
        }
        return true;
    }
}

internal sealed class NotPredicate(ValuePredicate inner) : ValuePredicate
{
    public override bool TraversesArrays => inner.TraversesArrays;

    public override bool Test(BsonValue value, ref int position)
    {
        int ignored = Paths.NoPosition;
        return !inner.Test(value, ref ignored);
    }
}

/// <summary><c>$exists: true</c>.</summary>
internal sealed class ExistsPredicate : ValuePredicate
{
    public override bool Test(BsonValue value, ref int position) => !value.IsMissing;
}

/// <summary><c>$type</c>: the value's type is one of a set.</summary>
internal sealed class TypePredicate(IReadOnlyCollection<BsonType> types) : ValuePredicate
{
    private readonly bool[] _wanted = Flags(types);

    public override bool Test(BsonValue value, ref int position) => _wanted[(byte)value.Type];

    private static bool[] Flags(IReadOnlyCollection<BsonType> types)
    {
        bool[] flags = new bool[256];
        foreach (BsonType type in types)
        {
            flags[(byte)type] = true;
        }
        return flags;
    }
}

/// <summary><c>$size</c>: an array of exactly that many elements.</summary>
internal sealed class SizePredicate(long size) : ValuePredicate
{
    public override bool TraversesArrays => false;

    public override bool Test(BsonValue value, ref int position) => value.IsArray && value.AsDocument.Count == size;
}

/// <summary><c>$mod</c>: the number, cut to an integer, leaves the remainder.</summary>
internal sealed class ModPredicate(long divisor, long remainder) : ValuePredicate
{
    public override bool Test(BsonValue value, ref int position)
    {
        bool finite = value.Type switch
        {
            BsonType.Double => double.IsFinite(value.AsDouble),
            BsonType.Decimal128 => value.AsDecimal.IsFinite,
            BsonType.Int32 or BsonType.Int64 => true,
            _ => false,
        };
        // The smallest long has no remainder by -1 in two's complement arithmetic; everything is divisible by it.
        return finite && (divisor == -1 ? 0 : value.ToInt64Saturating() % divisor) == remainder;
    }
}

/// <summary>A document, or an array taken as one, that meets conditions on its fields.</summary>
internal sealed class DocumentPredicate(MatchNode condition) : ValuePredicate
{
    public override bool Test(BsonValue value, ref int position)
    {
        int ignored = Paths.NoPosition;
        return value.Type is BsonType.Document or BsonType.Array && condition.Matches(value.AsDocument, ref ignored);
    }
}

/// <summary><c>$elemMatch</c>: an array of which one element meets the condition.</summary>
internal sealed class ElemMatchPredicate(ValuePredicate condition) : ValuePredicate
{
    public override bool TraversesArrays => false;

    public override bool Test(BsonValue value, ref int position)
    {
        if (!value.IsArray)
        {
            return false;
        }
        int index = 0;
        foreach (BsonElement element in value.AsDocument)
        {
            int ignored = Paths.NoPosition;
            if (condition.Test(element.Value, ref ignored))
            {
                position = index;
                return true;
            }
            index++;
        }
        return false;
    }
}
