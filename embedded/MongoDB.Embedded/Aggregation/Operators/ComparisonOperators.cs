using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Comparison Expression Operators": across types by BSON order, a missing value below null.</summary>
internal static class ComparisonOperators
{
    public static void Register(OperatorTable table)
    {
        table.Binary("$cmp", (a, b) => BsonValue.Int32(Math.Sign(BsonCompare.Compare(a, b))));
        table.Binary("$eq", (a, b) => BsonValue.Boolean(BsonCompare.Equals(a, b)));
        table.Binary("$ne", (a, b) => BsonValue.Boolean(!BsonCompare.Equals(a, b)));
        table.Binary("$gt", (a, b) => BsonValue.Boolean(BsonCompare.Compare(a, b) > 0));
        table.Binary("$gte", (a, b) => BsonValue.Boolean(BsonCompare.Compare(a, b) >= 0));
        table.Binary("$lt", (a, b) => BsonValue.Boolean(BsonCompare.Compare(a, b) < 0));
        table.Binary("$lte", (a, b) => BsonValue.Boolean(BsonCompare.Compare(a, b) <= 0));
    }
}
