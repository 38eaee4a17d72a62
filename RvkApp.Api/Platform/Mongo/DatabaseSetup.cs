using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using MongoDB.Driver.Core.Events;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Mongo;

internal static class DatabaseSetup
{
    /// <summary>The name of the connection string, and of the database resource in the AppHost.</summary>
    public const string ConnectionName = "school";

    /// <summary>Adds the MongoDB client, the collections, and the gate before them.</summary>
    public static void AddSchoolDatabase(this WebApplicationBuilder builder)
    {
        DatabaseConnectionString.Check(builder.Configuration);
        var options = builder.Configuration.GetSection("Database").Get<DatabaseOptions>() ?? new DatabaseOptions();
        var connection = new ConnectionState();

        builder.AddMongoDBClient(
            ConnectionName,
            settings =>
            {
                settings.HealthCheckTimeout = (int)options.HealthTimeout.TotalMilliseconds;
                // Spans that nobody exports cost a fifth of a second of start-up.
                settings.DisableTracing |= string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
            },
            client =>
            {
                options.ApplyTo(client);
                var configure = client.ClusterConfigurator;
                client.ClusterConfigurator = cluster =>
                {
                    configure?.Invoke(cluster);
                    cluster.Subscribe<ClusterDescriptionChangedEvent>(connection.Observe);
                };
            });

        var services = builder.Services;
        services.AddValidatedOptions<DatabaseOptions, DatabaseOptionsValidator>().BindConfiguration("Database");
        services.AddSingleton(connection);
        services.AddSingleton<SchoolDatabase>();
        services.AddSingleton<DatabasePreparation>();
        // Lazily: resolving the database creates the client, which is the gate's business, off the request's path.
        services.AddSingleton(provider => new DatabaseGate(
            new Lazy<SchoolDatabase>(provider.GetRequiredService<SchoolDatabase>),
            new Lazy<DatabasePreparation>(provider.GetRequiredService<DatabasePreparation>),
            connection,
            provider.GetRequiredService<ILogger<DatabaseGate>>()));
        services.AddHostedService<DatabaseWarmUp>();
        services.AddHealthChecks().AddCheck<DatabaseReadinessCheck>(
            DatabaseReadinessCheck.Name, failureStatus: null, tags: [], timeout: options.HealthTimeout);
    }
}
