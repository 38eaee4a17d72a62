using Aspire.MongoDB.Driver;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Driver;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers a MongoDB client with health check and tracing, configured the Aspire way.</summary>
public static class AspireMongoDBDriverExtensions
{
    private const string ConfigurationSection = "Aspire:MongoDB:Driver";
    private const string HealthCheckName = "MongoDB.Driver";

    /// <summary>
    /// Registers a singleton <see cref="IMongoClient"/>, and an <see cref="IMongoDatabase"/> when the connection string names a database.
    /// </summary>
    /// <param name="builder">The application to add to.</param>
    /// <param name="connectionName">The name of the connection string, which for a resource of an AppHost is the resource's name.</param>
    /// <param name="configureSettings">Adjusts the settings after they were read from configuration.</param>
    /// <param name="configureClientSettings">Adjusts what the driver's client is created with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="connectionName"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="connectionName"/> is empty.</exception>
    /// <remarks>
    /// A missing connection string is an <see cref="InvalidOperationException"/> when the client is first resolved, not here: the
    /// application may add the connection string to its configuration later.
    /// </remarks>
    public static void AddMongoDBClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<MongoDBSettings>? configureSettings = null,
        Action<MongoClientSettings>? configureClientSettings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);

        Add(builder, connectionName, serviceKey: null, configureSettings, configureClientSettings);
    }

    /// <summary>
    /// Registers a keyed singleton <see cref="IMongoClient"/>, and a keyed <see cref="IMongoDatabase"/> when the connection string
    /// names a database, for applications that talk to more than one deployment.
    /// </summary>
    /// <param name="builder">The application to add to.</param>
    /// <param name="name">The service key, and the name of the connection string.</param>
    /// <param name="configureSettings">Adjusts the settings after they were read from configuration.</param>
    /// <param name="configureClientSettings">Adjusts what the driver's client is created with.</param>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static void AddKeyedMongoDBClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<MongoDBSettings>? configureSettings = null,
        Action<MongoClientSettings>? configureClientSettings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        Add(builder, name, serviceKey: name, configureSettings, configureClientSettings);
    }

    private static void Add(
        IHostApplicationBuilder builder,
        string connectionName,
        string? serviceKey,
        Action<MongoDBSettings>? configureSettings,
        Action<MongoClientSettings>? configureClientSettings)
    {
        var settings = ReadSettings(builder.Configuration, connectionName);
        configureSettings?.Invoke(settings);

        var factory = new MongoClientFactory(connectionName, $"{ConfigurationSection}:{connectionName}", settings, configureClientSettings);
        AddClient(builder.Services, serviceKey, factory);

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(MongoTelemetry.ActivitySourceName));
        }

        if (!settings.DisableHealthChecks && !string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            AddHealthCheck(builder.Services, serviceKey, settings);
        }
    }

    private static MongoDBSettings ReadSettings(IConfiguration configuration, string connectionName)
    {
        var settings = new MongoDBSettings();
        var section = configuration.GetSection(ConfigurationSection);
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);

        if (configuration.GetConnectionString(connectionName) is { } connectionString)
        {
            settings.ConnectionString = connectionString;
        }

        return settings;
    }

    private static void AddClient(IServiceCollection services, string? serviceKey, MongoClientFactory factory)
    {
        var databaseName = factory.DatabaseName;
        if (serviceKey is null)
        {
            services.AddSingleton(factory.Create);
            if (databaseName is not null)
            {
                services.AddSingleton(provider => provider.GetRequiredService<IMongoClient>().GetDatabase(databaseName));
            }
        }
        else
        {
            services.AddKeyedSingleton(serviceKey, (provider, _) => factory.Create(provider));
            if (databaseName is not null)
            {
                services.AddKeyedSingleton(serviceKey, (provider, key) => provider.GetRequiredKeyedService<IMongoClient>(key).GetDatabase(databaseName));
            }
        }
    }

    private static void AddHealthCheck(IServiceCollection services, string? serviceKey, MongoDBSettings settings)
    {
        var name = serviceKey is null ? HealthCheckName : $"{HealthCheckName}_{serviceKey}";
        TimeSpan? timeout = settings.HealthCheckTimeout is > 0 and { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;

        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(options =>
        {
            // Registering the same connection twice is allowed; two checks of one name are not.
            if (options.Registrations.All(registration => !string.Equals(registration.Name, name, StringComparison.OrdinalIgnoreCase)))
            {
                options.Registrations.Add(new HealthCheckRegistration(
                    name,
                    provider => new MongoDBHealthCheck(() => serviceKey is null
                        ? provider.GetRequiredService<IMongoClient>()
                        : provider.GetRequiredKeyedService<IMongoClient>(serviceKey)),
                    failureStatus: null,
                    tags: null,
                    timeout));
            }
        });
    }
}
