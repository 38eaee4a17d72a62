using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB;

/// <summary>Asks a server, through the driver and with the credential that everyone else uses, for an answer.</summary>
/// <param name="connectionString">The connection string, or <see langword="null"/> while it is not known.</param>
/// <param name="databaseName">The database to ask.</param>
internal sealed class MongoDBHealthCheck(Func<string?> connectionString, string databaseName) : IHealthCheck
{
    // Of one check. While a server starts the next check follows at once, so it need not be patient.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private string? _clientFor;
    private IMongoDatabase? _database;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connectionString() is not { } address)
        {
            return HealthCheckResult.Unhealthy("The server's address is not known yet.");
        }

        try
        {
            await DatabaseAt(address).RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), ReadPreference.Nearest, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MongoAuthenticationException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The server refuses the user name or password.", e, new Dictionary<string, object> { [CredentialRefused] = true });
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The server does not answer: {e.GetType().Name}.", e);
        }
    }

    /// <summary>The key in a result's data that says that the server was reached and refused the credential.</summary>
    public const string CredentialRefused = "credentialRefused";

    // A client owns connections and threads, so one serves every check; a restart can move the server to another port.
    private IMongoDatabase DatabaseAt(string address)
    {
        lock (_lock)
        {
            if (_database is null || _clientFor != address)
            {
                var settings = MongoClientSettings.FromConnectionString(address);
                settings.ApplicationName = "health check";
                settings.ServerSelectionTimeout = Deadline;
                settings.ConnectTimeout = Deadline;
                settings.SocketTimeout = Deadline;
                settings.MaxConnectionPoolSize = 1;
                _database = new MongoClient(settings).GetDatabase(databaseName);
                _clientFor = address;
            }

            return _database;
        }
    }
}
