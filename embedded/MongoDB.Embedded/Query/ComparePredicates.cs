using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

internal enum ComparisonKind
{
    Eq,
    Lt,
    Lte,
    Gt,
    Gte,
}

/// <summary>
/// <c>$eq $lt $lte $gt $gte</c> with type bracketing: a value of another bracket never matches, except that null equals a
/// missing value and that MinKey and MaxKey bound everything.
/// </summary>
internal sealed class ComparePredicate : ValuePredicate
{
    private readonly ComparisonKind _kind;
    private readonly BsonValue _operand;
    private readonly int _bracket;
    private readonly bool _operandIsNaN;

    public ComparePredicate(ComparisonKind kind, BsonValue operand)
    {
        _kind = kind;
        _operand = operand.Detach();
        _bracket = operand.Type.Bracket();
        _operandIsNaN = operand.IsNaN;
    }

    public override bool Test(BsonValue value, ref int position)
    {
        if (value.Type.Bracket() != _bracket)
        {
            return AcrossBrackets(value);
        }
        if (_operandIsNaN || value.IsNaN)
        {
            return _operandIsNaN && value.IsNaN && _kind is ComparisonKind.Eq or ComparisonKind.Lte or ComparisonKind.Gte;
        }
        if (_kind == ComparisonKind.Eq)
        {
            return BsonCompare.Equals(value, _operand);
        }
        int order = BsonCompare.Compare(value, _operand);
        return _kind switch
        {
            ComparisonKind.Lt => order < 0,
            ComparisonKind.Lte => order <= 0,
            ComparisonKind.Gt => order > 0,
            _ => order >= 0,
        };
    }

    private bool AcrossBrackets(BsonValue value)
    {
        if (value.IsNullish && _operand.IsNullish)
        {
            return _kind is ComparisonKind.Eq or ComparisonKind.Lte or ComparisonKind.Gte;
        }
        return _operand.Type switch
        {
            BsonType.MaxKey => _kind is ComparisonKind.Lt or ComparisonKind.Lte,
            BsonType.MinKey => _kind is ComparisonKind.Gt or ComparisonKind.Gte,
            _ => false,
        };
    }
}

/// <summary><c>$in</c>: equal to one of the values or matched by one of the regular expressions.</summary>
internal sealed class InPredicate : ValuePredicate
{
    // Below this a scan beats hashing.
    private const int ScanLimit = 8;

    private readonly BsonValue[] _values;
    private readonly HashSet<BsonValue>? _set;
    private readonly RegexPredicate[] _patterns;
    private readonly bool _null;

    public InPredicate(IReadOnlyList<BsonValue> values, IReadOnlyList<RegexPredicate> patterns)
    {
        _values = [.. values.Select(v => v.Detach())];
        _set = _values.Length > ScanLimit ? new HashSet<BsonValue>(_values, BsonValueComparer.Instance) : null;
        _patterns = [.. patterns];
        _null = _values.Any(v => v.IsNull);
    }

    public override bool Test(BsonValue value, ref int position)
    {
        if (value.IsNullish)
        {
            return _null;
        }
        if (Contains(value))
        {
            return true;
        }
        foreach (RegexPredicate pattern in _patterns)
        {
            if (pattern.Test(value, ref position))
            {
                return true;
            }
        }
        return false;
    }

    private bool Contains(BsonValue value)
    {
        if (_set is not null)
        {
            return _set.Contains(value);
        }
        foreach (BsonValue candidate in _values)
        {
            if (BsonCompare.Equals(value, candidate))
            {
                return true;
            }
        }
        return false;
    }
}
