using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database on a <see cref="MongoDBServerResource"/>. MongoDB creates it with its first document.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}, Database = {DatabaseName}")]
public class MongoDBDatabaseResource : Resource, IResourceWithParent<MongoDBServerResource>, IResourceWithConnectionString
{
    /// <summary>Creates a database resource.</summary>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    /// <param name="databaseName">The name of the database on the server.</param>
    /// <param name="parent">The server.</param>
    /// <exception cref="ArgumentException"><paramref name="databaseName"/> is empty.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="databaseName"/> or <paramref name="parent"/> is null.</exception>
    public MongoDBDatabaseResource(string name, string databaseName, MongoDBServerResource parent)
        : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(databaseName);
        ArgumentNullException.ThrowIfNull(parent);
        DatabaseName = databaseName;
        Parent = parent;
    }

    /// <summary>The server's connection string with this database in its path.</summary>
    public ReferenceExpression ConnectionStringExpression => Parent.ConnectionStringTo(DatabaseName);

    /// <summary>The same as <see cref="ConnectionStringExpression"/>: a MongoDB connection string is a URI.</summary>
    public ReferenceExpression UriExpression => Parent.ConnectionStringTo(DatabaseName);

    /// <summary>The server.</summary>
    public MongoDBServerResource Parent { get; }

    /// <summary>The name of the database on the server.</summary>
    public string DatabaseName { get; }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        // The server's properties, in its order, with the address of the database in place of the server's.
        foreach (var property in ((IResourceWithConnectionString)Parent).GetConnectionProperties())
        {
            if (property.Key != "Uri")
            {
                yield return property;
            }
        }

        yield return new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}"));
        yield return new("Uri", UriExpression);
    }
}
