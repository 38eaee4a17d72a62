using System.Buffers;
using System.Text;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Storage;

/// <summary>Database and collection, with the rules for their names ("MongoDB Limits and Thresholds", "Naming Restrictions").</summary>
internal readonly record struct Namespace(string Database, string Collection)
{
    private const int MaxDatabaseBytes = 63;
    private const int MaxNamespaceBytes = 255;

    private static readonly SearchValues<char> NotInDatabase = SearchValues.Create("/\\. \"$\0");

    public string FullName => $"{Database}.{Collection}";

    public bool IsSystem => Collection.StartsWith("system.", StringComparison.Ordinal);

    /// <exception cref="MongoError">InvalidNamespace (73).</exception>
    public static Namespace Create(string database, string collection)
    {
        CheckDatabase(database);
        if (collection.Length == 0 || collection[0] == '.' || collection.Contains('\0', StringComparison.Ordinal))
        {
            throw Invalid(database, collection);
        }
        if (collection.Contains('$', StringComparison.Ordinal))
        {
            throw new MongoError(ErrorCode.InvalidNamespace, $"Invalid collection name: {collection}");
        }
        if (Encoding.UTF8.GetByteCount(database) + 1 + Encoding.UTF8.GetByteCount(collection) > MaxNamespaceBytes)
        {
            throw new MongoError(
                ErrorCode.InvalidNamespace,
                $"Fully qualified namespace is too long. Namespace: {database}.{collection} Max: {MaxNamespaceBytes}");
        }
        return new Namespace(database, collection);
    }

    /// <exception cref="MongoError">InvalidNamespace (73).</exception>
    public static void CheckDatabase(string database)
    {
        if (database.Length == 0
            || Encoding.UTF8.GetByteCount(database) > MaxDatabaseBytes
            || database.AsSpan().ContainsAny(NotInDatabase))
        {
            throw new MongoError(ErrorCode.InvalidNamespace, $"Invalid database name: '{database}'");
        }
    }

    public override string ToString() => FullName;

    private static MongoError Invalid(string database, string collection) =>
        new(ErrorCode.InvalidNamespace, $"Invalid namespace specified '{database}.{collection}'");
}
