using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Platform.Startup;

/// <summary>Checks the connection string without showing it: it has a password in it.</summary>
internal static class DatabaseConnectionString
{
    private const string Key = $"ConnectionStrings:{DatabaseSetup.ConnectionName}";

    public static void Check(IConfiguration configuration)
    {
        var text = configuration[Key];
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ConfigurationException($"{Key} is not set: it says where MongoDB is, for example mongodb://localhost:27017/school.");
        }

        if (DatabaseName(text) is null)
        {
            throw new ConfigurationException($"{Key} names no database: put its name after the host, for example mongodb://localhost:27017/school.");
        }
    }

    private static string? DatabaseName(string connectionString)
    {
        try
        {
            return MongoUrl.Create(connectionString).DatabaseName;
        }
        catch (Exception exception) when (exception is MongoConfigurationException or FormatException or ArgumentException)
        {
            // Not chained: the driver repeats the whole connection string.
            throw new ConfigurationException($"{Key} is not a MongoDB connection string, such as mongodb://user:password@localhost:27017/school.");
        }
    }
}
