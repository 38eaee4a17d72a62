using Microsoft.Extensions.Options;
using MongoDB.Driver;
using RvkApp.Api.Platform.Lambda;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>Section <c>Database</c>: how long the API waits for MongoDB, and over how many connections it talks.</summary>
internal sealed class DatabaseOptions
{
    // Below the 350 s after which EC2's connection tracking forgets an idle TCP connection.
    private static readonly TimeSpan FrozenConnectionLife = TimeSpan.FromMinutes(4);

    /// <summary>How long an operation waits for a reachable server. Default: 5 s.</summary>
    [Duration("Database:ServerSelectionTimeout", "00:00:00.100", "00:01:00")]
    public TimeSpan ServerSelectionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one read from or write to a connection may take. Default: 10 s.</summary>
    [Duration("Database:SocketTimeout", "00:00:00.100", "00:05:00")]
    public TimeSpan SocketTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long opening a connection may take. Default: 3 s.</summary>
    [Duration("Database:ConnectTimeout", "00:00:00.100", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The deadline of the database's part in <c>/health</c>. Default: 2 s.</summary>
    [Duration("Database:HealthTimeout", "00:00:00.100", "00:00:30")]
    public TimeSpan HealthTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The most connections to a server. Default: 2 in AWS Lambda, where an environment handles one request at a time and there are many environments; 24 elsewhere.
    /// </summary>
    [Between("Database:PoolSize", 1, 500)]
    public int PoolSize { get; set; } = LambdaEnvironment.IsLambda ? 2 : 24;

    /// <summary>Applies the options to the driver's.</summary>
    public void ApplyTo(MongoClientSettings settings)
    {
        settings.ServerSelectionTimeout = ServerSelectionTimeout;
        settings.SocketTimeout = SocketTimeout;
        settings.ConnectTimeout = ConnectTimeout;
        settings.WaitQueueTimeout = ServerSelectionTimeout;
        settings.MaxConnectionPoolSize = PoolSize;
        settings.MinConnectionPoolSize = 0;
        if (LambdaEnvironment.IsLambda)
        {
            // An environment may have been frozen for long; the network forgets idle connections, and nobody tells the driver.
            settings.MaxConnectionIdleTime = FrozenConnectionLife;
        }
    }
}

[OptionsValidator]
internal sealed partial class DatabaseOptionsValidator : IValidateOptions<DatabaseOptions>;
