using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>Where stages that read other collections get their documents from.</summary>
internal interface IPipelineSource
{
    /// <summary>
    /// The documents of a collection that pass the filter, all of them without one; none for a collection that does not exist.
    /// The filter may name an index to use: <c>$lookup</c> asks once per outer document.
    /// </summary>
    IEnumerable<BsonDoc> Find(string database, string collection, Matcher? filter);
}
