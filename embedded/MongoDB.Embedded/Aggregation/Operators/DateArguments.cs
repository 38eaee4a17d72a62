using MongoDB.Embedded.Aggregation.Dates;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>What the date operators share: values that stand for a date, and time zones.</summary>
internal static class DateArguments
{
    /// <summary>Milliseconds of a date, a timestamp or an ObjectId.</summary>
    /// <exception cref="MongoError">16006: something else.</exception>
    public static long Milliseconds(BsonValue value) => TryMilliseconds(value, out long ms)
        ? ms
        : throw new MongoError(16006, $"can't convert from BSON type {value.Type.Name()} to Date");

    public static bool TryMilliseconds(BsonValue value, out long ms)
    {
        (bool good, ms) = value.Type switch
        {
            BsonType.DateTime => (true, value.AsDateTimeMs),
            BsonType.Timestamp => (true, (long)(value.AsTimestamp >> 32) * 1000),
            BsonType.ObjectId => (true, value.AsObjectId.Timestamp * 1000L),
            _ => (false, 0),
        };
        return good;
    }

    /// <summary>The zone an expression names: UTC without one, null when it is null.</summary>
    public static Zone? ZoneOf(ExpressionNode? node, EvaluationContext context)
    {
        if (node is null)
        {
            return Zone.Utc;
        }
        BsonValue value = node.Evaluate(context);
        if (value.IsNullish)
        {
            return null;
        }
        return value.IsString
            ? Zone.Find(value.AsString)
            : throw new MongoError(40517, $"timezone must evaluate to a string, found {value.Type.Name()}");
    }
}
