using MongoDB.Embedded.Aggregation;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Commands;

/// <summary>The variables of a command's <c>let</c>: expressions without a document, evaluated once, each seeing those before it.</summary>
internal static class LetVariables
{
    /// <param name="let">Owns its bytes.</param>
    public static QueryContext Evaluate(BsonDoc let)
    {
        DateTime now = DateTime.UtcNow;
        var values = new Dictionary<string, BsonValue>(StringComparer.Ordinal);
        foreach (BsonElement element in let)
        {
            string name = element.Name;
            if (name.Length == 0 || !char.IsAsciiLetterLower(name[0]) || name.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                throw MongoError.FailedToParse($"'{name}' starts with an invalid character for a user variable name");
            }
            var context = new QueryContext(now, new Dictionary<string, BsonValue>(values));
            BsonValue value = Expression.Parse(element.Value, context).Evaluate(BsonDoc.Empty);
            values[name] = value.IsMissing ? BsonValue.Null : value.Detach();
        }
        return new QueryContext(now, values);
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
}
