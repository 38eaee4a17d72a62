using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Driver;
using MongoDB.Driver.Core.Configuration;

namespace Aspire.MongoDB.Driver;

/// <summary>Creates the client of one connection when it is first asked for.</summary>
internal sealed class MongoClientFactory(
    string connectionName,
    string configurationSection,
    MongoDBSettings settings,
    Action<MongoClientSettings>? configureClientSettings)
{
    /// <summary>The database that the connection string names; null when it names none or there is no connection string yet.</summary>
    public string? DatabaseName { get; } =
        string.IsNullOrWhiteSpace(settings.ConnectionString) || string.IsNullOrWhiteSpace(MongoUrl.Create(settings.ConnectionString).DatabaseName)
            ? null
            : MongoUrl.Create(settings.ConnectionString).DatabaseName;

    public IMongoClient Create(IServiceProvider services)
    {
        if (string.IsNullOrWhiteSpace(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"There is no connection string for MongoDB client '{connectionName}'. Set 'ConnectionStrings:{connectionName}' "
                + $"(environment variable 'ConnectionStrings__{connectionName}'), or 'ConnectionString' in the configuration section "
                + $"'{configurationSection}', or let the AppHost pass it with WithReference.");
        }

        var clientSettings = MongoClientSettings.FromConnectionString(settings.ConnectionString);
        if (settings.DisableTracing)
        {
            clientSettings.TracingOptions = new TracingOptions { Disabled = true };
        }

        configureClientSettings?.Invoke(clientSettings);

        clientSettings.LoggingSettings ??= new LoggingSettings(services.GetService<ILoggerFactory>());
        clientSettings.LibraryInfo = Identify(clientSettings.LibraryInfo);
        return new MongoClient(clientSettings);
    }

    // What the server's log and profiler show about the client: a wrapping library appends its name to the one that is there.
    private static LibraryInfo Identify(LibraryInfo? inner)
    {
        var version = typeof(MongoClientFactory).Assembly.GetName().Version?.ToString();
        return inner is null
            ? new LibraryInfo("aspire", version)
            : new LibraryInfo($"{inner.Name}|aspire", $"{inner.Version}|{version}");
    }
}
