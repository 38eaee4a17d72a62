using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>The <c>arrayFilters</c> of an update: which elements each <c>$[identifier]</c> means.</summary>
internal sealed class ArrayFilters
{
    private readonly Dictionary<string, Matcher> _filters = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <exception cref="MongoError">FailedToParse (9) or BadValue (2).</exception>
    public ArrayFilters(BsonDoc? filters, QueryContext context)
    {
        if (filters is null)
        {
            return;
        }
        foreach (BsonElement element in filters.Value)
        {
            if (element.Type != BsonType.Document)
            {
                throw MongoError.TypeMismatch(
                    $"BSON field 'update.updates.arrayFilters.{element.Name}' is the wrong type '{element.Type.Name()}', expected type 'object'");
            }
            BsonDoc filter = element.Value.AsDocument;
            string? identifier = null;
            FindIdentifier(filter, ref identifier);
            if (identifier is null)
            {
                throw MongoError.FailedToParse("Cannot use an expression without a top-level field name in arrayFilters");
            }
            if (!char.IsAsciiLetterLower(identifier[0]) || !identifier.All(char.IsAsciiLetterOrDigit))
            {
                throw MongoError.BadValue(
                    $"Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '{identifier}'");
            }
            if (!_filters.TryAdd(identifier, Matcher.Parse(filter, context)))
            {
                throw MongoError.FailedToParse($"Found multiple array filters with the same top-level field name {identifier}");
            }
        }
    }

    /// <summary>Notes that a path uses an identifier.</summary>
    /// <exception cref="MongoError">BadValue (2): there is no such filter.</exception>
    public void Use(string identifier, UpdatePath path)
    {
        if (!_filters.ContainsKey(identifier))
        {
            throw MongoError.BadValue($"No array filter found for identifier '{identifier}' in path '{path.Text}'");
        }
        _used.Add(identifier);
    }

    /// <exception cref="MongoError">FailedToParse (9): a filter that no path uses.</exception>
    public void CheckAllUsed(BsonValue update)
    {
        foreach (string identifier in _filters.Keys)
        {
            if (!_used.Contains(identifier))
            {
                throw MongoError.FailedToParse(
                    $"The array filter for identifier '{identifier}' was not used in the update {BsonText.ToShell(update)}");
            }
        }
    }

    public bool Matches(string identifier, BsonValue element)
    {
        using var writer = new BsonWriter();
        writer.Write(identifier, element);
        return _filters[identifier].IsMatch(writer.ToDocument());
    }

    private static void FindIdentifier(BsonDoc filter, ref string? identifier)
    {
        foreach (BsonElement element in filter)
        {
            string name = element.Name;
            if (name is "$and" or "$or" or "$nor")
            {
                if (element.Value.IsArray)
                {
                    foreach (BsonElement part in element.Value.AsDocument)
                    {
                        if (part.Type == BsonType.Document)
                        {
                            FindIdentifier(part.Value.AsDocument, ref identifier);
                        }
                    }
                }
                continue;
            }
            if (name.StartsWith('$'))
            {
                continue;
            }
            int dot = name.IndexOf('.', StringComparison.Ordinal);
            string head = dot < 0 ? name : name[..dot];
            if (head.Length == 0)
            {
                throw MongoError.FailedToParse("Cannot use an expression without a top-level field name in arrayFilters");
            }
            if (identifier is not null && identifier != head)
            {
                throw MongoError.FailedToParse(
                    $"Error parsing array filter :: caused by :: Expected a single top-level field name, found '{identifier}' and '{head}'");
            }
            identifier = head;
        }
    }
}
