using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB;

/// <summary>Asks a server, through the driver and with the credential that everyone else uses, for an answer.</summary>
/// <param name="connectionString">The connection string, or <see langword="null"/> while it is not known.</param>
/// <param name="databaseName">The database to ask.</param>
/// <param name="whenRefused">What to do about a refused credential; <see langword="true"/> means that it may be accepted now.</param>
internal sealed class MongoDBHealthCheck(Func<string?> connectionString, string databaseName, Func<string, CancellationToken, Task<bool>>? whenRefused = null) : IHealthCheck, IDisposable
{
    // Of one check. While a server starts the next check follows at once, so it need not be patient.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private string? _clientFor;
    private MongoClient? _client;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (connectionString() is not { } address)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The server's address is not known yet.");
        }

        try
        {
            if (!HasClientFor(address) && !await AcceptsConnectionsAsync(address, cancellationToken))
            {
                return new HealthCheckResult(context.Registration.FailureStatus, "The server does not accept connections.");
            }

            if (await PingAsync(address, cancellationToken) || (whenRefused is not null && await whenRefused(address, cancellationToken) && await PingAsync(address, cancellationToken)))
            {
                return HealthCheckResult.Healthy();
            }

            return new HealthCheckResult(context.Registration.FailureStatus, "The server refuses the user name or the password.");
        }
        catch (Exception e) when (e is MongoException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"The server does not answer: {e.GetType().Name}.", e);
        }
    }

    /// <summary>Asks the server something else, over the connection of the checks.</summary>
    /// <returns>The answer; null while the server's address is not known.</returns>
    /// <exception cref="MongoException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    internal async Task<BsonDocument?> RunAsync(BsonDocument command, CancellationToken cancellationToken)
        => connectionString() is { } address
            ? await ClientOf(address).GetDatabase(databaseName).RunCommandAsync<BsonDocument>(command, ReadPreference.Nearest, cancellationToken)
            : null;

    /// <summary>The settings of a client that waits for no one longer than a health check may.</summary>
    internal static MongoClientSettings ClientSettings(string address)
    {
        var settings = MongoClientSettings.FromConnectionString(address);
        settings.ApplicationName = "health check";
        settings.ServerSelectionTimeout = Deadline;
        settings.ConnectTimeout = Deadline;
        settings.SocketTimeout = Deadline;
        settings.MaxConnectionPoolSize = 1;
        return settings;
    }

    private async Task<bool> PingAsync(string address, CancellationToken cancellationToken)
    {
        try
        {
            await ClientOf(address).GetDatabase(databaseName).RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), ReadPreference.Nearest, cancellationToken);
            return true;
        }
        catch (MongoAuthenticationException)
        {
            return false;
        }
    }

    private bool HasClientFor(string address)
    {
        lock (_lock)
        {
            return _clientFor == address;
        }
    }

    // The driver looks again half a second after a refused connection, however often it is asked; a server that is starting needs less.
    private static async Task<bool> AcceptsConnectionsAsync(string address, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        var server = MongoUrl.Create(address).Server;
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(server.Host, server.Port, deadline.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _client?.Dispose();
        }
    }

    // A client owns connections and threads, so one serves every check; a restart can move the server to another port.
    private MongoClient ClientOf(string address)
    {
        lock (_lock)
        {
            if (_client is null || _clientFor != address)
            {
                _client?.Dispose();
                _client = new MongoClient(ClientSettings(address));
                _clientFor = address;
            }

            return _client;
        }
    }
}
