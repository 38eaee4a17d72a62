namespace Aspire.Hosting.ApplicationModel;

/// <summary>A MongoDB server. Its model is a container; where it really runs is decided by <c>Embedded:Mongo</c>.</summary>
public class MongoDBServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";
    internal const string DefaultUserName = "admin";
    private const string AuthenticationDatabase = "admin";
    private const string AuthenticationMechanism = "SCRAM-SHA-256";

    private readonly Dictionary<string, string> _databases = new(StringComparer.OrdinalIgnoreCase);
    private EndpointReference? _primaryEndpoint;

    /// <summary>Creates a server that asks for no credential.</summary>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    public MongoDBServerResource(string name)
        : base(name)
    {
    }

    /// <summary>Creates a server that asks for a credential.</summary>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    /// <param name="userNameParameter">The root user's name, or <see langword="null"/> for <c>admin</c>.</param>
    /// <param name="passwordParameter">The root user's password, or <see langword="null"/> for a server without authorization.</param>
    public MongoDBServerResource(string name, ParameterResource? userNameParameter, ParameterResource? passwordParameter)
        : this(name)
    {
        UserNameParameter = userNameParameter;
        PasswordParameter = passwordParameter;
    }

    /// <summary>The endpoint that speaks the MongoDB wire protocol.</summary>
    public EndpointReference PrimaryEndpoint => _primaryEndpoint ??= new EndpointReference(this, PrimaryEndpointName);

    /// <summary>The host of the primary endpoint.</summary>
    public EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    /// <summary>The port of the primary endpoint.</summary>
    public EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    /// <summary>The parameter that holds the root user's name, if there is one.</summary>
    public ParameterResource? UserNameParameter { get; }

    /// <summary>The parameter that holds the root user's password, if there is one.</summary>
    public ParameterResource? PasswordParameter { get; }

    /// <summary>The root user's name: the parameter's value, or <c>admin</c>.</summary>
    public ReferenceExpression UserNameReference => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}")
        : ReferenceExpression.Create($"{UserNameParameter}");

    /// <summary>
    /// The connection string, <c>mongodb://user:password@host:port/?authSource=admin&amp;authMechanism=SCRAM-SHA-256</c>
    /// (MongoDB connection string specification); without a password only <c>mongodb://host:port</c>.
    /// </summary>
    public ReferenceExpression ConnectionStringExpression => ConnectionStringTo(databaseName: null);

    /// <summary>The same as <see cref="ConnectionStringExpression"/>: a MongoDB connection string is a URI.</summary>
    public ReferenceExpression UriExpression => ConnectionStringTo(databaseName: null);

    /// <summary>The databases of this server: resource name to database name.</summary>
    public IReadOnlyDictionary<string, string> Databases => _databases;

    internal void AddDatabase(string name, string databaseName) => _databases.TryAdd(name, databaseName);

    internal ReferenceExpression ConnectionStringTo(string? databaseName)
    {
        var text = new ReferenceExpressionBuilder();
        text.AppendLiteral("mongodb://");
        if (PasswordParameter is not null)
        {
            // A credential may hold any character; in a URI's user information most have to be percent-encoded.
            if (UserNameParameter is null)
            {
                text.AppendLiteral(DefaultUserName);
            }
            else
            {
                text.Append($"{UserNameParameter:uri}");
            }

            text.AppendLiteral(":");
            text.Append($"{PasswordParameter:uri}");
            text.AppendLiteral("@");
        }

        text.Append($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");
        if (databaseName is not null || PasswordParameter is not null)
        {
            text.AppendLiteral("/");
        }

        if (databaseName is not null)
        {
            text.AppendLiteral(Uri.EscapeDataString(databaseName));
        }

        if (PasswordParameter is not null)
        {
            text.AppendLiteral($"?authSource={AuthenticationDatabase}&authMechanism={AuthenticationMechanism}");
        }

        return text.Build();
    }

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        yield return new("Host", ReferenceExpression.Create($"{Host}"));
        yield return new("Port", ReferenceExpression.Create($"{Port}"));
        yield return new("Username", UserNameReference);
        if (PasswordParameter is not null)
        {
            yield return new("Password", ReferenceExpression.Create($"{PasswordParameter}"));
            yield return new("AuthenticationDatabase", ReferenceExpression.Create($"{AuthenticationDatabase}"));
            yield return new("AuthenticationMechanism", ReferenceExpression.Create($"{AuthenticationMechanism}"));
        }

        yield return new("Uri", UriExpression);
    }
}
