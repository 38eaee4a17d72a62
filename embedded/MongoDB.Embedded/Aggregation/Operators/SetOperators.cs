using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Set Expression Operators": arrays as sets, by value; the results are sorted, as the server's are.</summary>
internal static class SetOperators
{
    public static void Register(OperatorTable table)
    {
        table.Nary("$setUnion", 0, int.MaxValue, Union);
        table.Nary("$setIntersection", 0, int.MaxValue, Intersection);
        table.Binary("$setDifference", Difference);
        table.Nary("$setEquals", 0, int.MaxValue, AreEqual);
        table.Binary("$setIsSubset", IsSubset);
        table.Unary("$anyElementTrue", value => Test("$anyElementTrue", 17041, value, any: true));
        table.Unary("$allElementsTrue", value => Test("$allElementsTrue", 17040, value, any: false));
    }

    private static HashSet<BsonValue> Set(BsonValue array) => new(ArrayOperators.Elements(array), BsonValueComparer.Instance);

    private static BsonValue Union(ReadOnlySpan<BsonValue> arguments)
    {
        var union = new SortedSet<BsonValue>(BsonValueComparer.Instance);
        foreach (BsonValue array in arguments)
        {
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            Check(array, 17043, "$setUnion");
            union.UnionWith(ArrayOperators.Elements(array));
        }
        return ArrayOperators.ToArray(union);
    }

    private static BsonValue Intersection(ReadOnlySpan<BsonValue> arguments)
    {
        SortedSet<BsonValue>? common = null;
        foreach (BsonValue array in arguments)
        {
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            Check(array, 17047, "$setIntersection");
            if (common is null)
            {
                common = new SortedSet<BsonValue>(ArrayOperators.Elements(array), BsonValueComparer.Instance);
            }
            else
            {
                common.IntersectWith(Set(array));
            }
        }
        return ArrayOperators.ToArray(common ?? []);
    }

    private static BsonValue Difference(BsonValue left, BsonValue right)
    {
        if (left.IsNullish || right.IsNullish)
        {
            return BsonValue.Null;
        }
        if (!left.IsArray)
        {
            throw new MongoError(17048, $"both operands of $setDifference must be arrays. First argument is of type: {left.Type.Name()}");
        }
        if (!right.IsArray)
        {
            throw new MongoError(17049, $"both operands of $setDifference must be arrays. Second argument is of type: {right.Type.Name()}");
        }
        // Keeps the order of the first array.
        HashSet<BsonValue> taken = Set(right);
        return ArrayOperators.ToArray(ArrayOperators.Elements(left).Where(taken.Add).ToList());
    }

    private static BsonValue AreEqual(ReadOnlySpan<BsonValue> arguments)
    {
        if (arguments.Length < 2)
        {
            throw new MongoError(17045, $"$setEquals needs at least two arguments had: {arguments.Length}");
        }
        HashSet<BsonValue>? first = null;
        bool equal = true;
        foreach (BsonValue array in arguments)
        {
            Check(array, 17044, "$setEquals");
            if (first is null)
            {
                first = Set(array);
            }
            else
            {
                equal &= first.SetEquals(Set(array));
            }
        }
        return BsonValue.Boolean(equal);
    }

    private static BsonValue IsSubset(BsonValue left, BsonValue right)
    {
        if (!left.IsArray)
        {
            throw new MongoError(17046, $"both operands of $setIsSubset must be arrays. First argument is of type: {left.Type.Name()}");
        }
        if (!right.IsArray)
        {
            throw new MongoError(17042, $"both operands of $setIsSubset must be arrays. Second argument is of type: {right.Type.Name()}");
        }
        return BsonValue.Boolean(Set(left).IsSubsetOf(Set(right)));
    }

    private static BsonValue Test(string name, int code, BsonValue array, bool any)
    {
        if (!array.IsArray)
        {
            throw new MongoError(code, $"{name}'s argument must be an array, but is {array.Type.Name()}");
        }
        List<BsonValue> elements = ArrayOperators.Elements(array);
        return BsonValue.Boolean(any ? elements.Exists(e => e.IsTruthy) : elements.TrueForAll(e => e.IsTruthy));
    }

    private static void Check(BsonValue array, int code, string name)
    {
        if (!array.IsArray)
        {
            throw new MongoError(code, $"All operands of {name} must be arrays. One argument is of type: {array.Type.Name()}");
        }
    }
}
