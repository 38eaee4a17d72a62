using System.Globalization;
using System.Text.Json;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>
/// Turns what the cloud gives the function (where MongoDB is, and which secrets to read) into the settings that the API knows: the connection
/// string, the signing key and the first admin's password.
/// </summary>
internal static class SecretSettings
{
    private const string MongoPassword = "Secrets:MongoPassword";
    private const string SigningKey = "Secrets:JwtSigningKey";
    private const string AdminPassword = "Secrets:AdminPassword";

    // A function that has not started after 10 s is started again, from the beginning.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(6);

    /// <summary>Reads the secrets that the configuration refers to; does nothing when it refers to none.</summary>
    /// <exception cref="ConfigurationException">A setting is missing or wrong, or a secret cannot be read.</exception>
    public static Task AddSecretsAsync(this WebApplicationBuilder builder) => AddAsync(builder.Configuration, Environment.GetEnvironmentVariable);

    internal static async Task AddAsync(IConfigurationManager configuration, Func<string, string?> variable)
    {
        SecretReference[] secrets = [.. new[] { MongoPassword, SigningKey, AdminPassword }
            .Select(setting => SecretReference.Read(configuration, setting)).OfType<SecretReference>()];
        if (secrets.Length == 0)
        {
            return;
        }

        var server = secrets.Any(secret => secret.Setting == MongoPassword) ? MongoServer.Read(configuration) : null;
        using var reader = SecretReader.FromEnvironment(variable);
        var values = await reader.ReadAsync(secrets, Deadline);
        var settings = new Dictionary<string, string?>();
        foreach (var (secret, value) in secrets.Zip(values))
        {
            switch (secret.Setting)
            {
                case MongoPassword:
                    settings[$"ConnectionStrings:{DatabaseSetup.ConnectionName}"] = server!.ConnectionString(PasswordIn(value, secret));
                    break;
                case SigningKey:
                    settings["Jwt:SigningKey"] = value;
                    break;
                default:
                    settings["Admin:Password"] = PasswordIn(value, secret);
                    break;
            }
        }

        configuration.AddInMemoryCollection(settings);
    }

    // A secret is the password itself, or as Secrets Manager's templates make it, a JSON object with the password in it.
    private static string PasswordIn(string value, SecretReference secret)
    {
        if (!value.StartsWith('{'))
        {
            return value;
        }

        try
        {
            using var json = JsonDocument.Parse(value);
            if (json.RootElement.TryGetProperty("password"u8, out var password) && password.ValueKind == JsonValueKind.String)
            {
                return password.GetString()!;
            }
        }
        catch (JsonException)
        {
            // A password may start with a brace.
            return value;
        }

        throw new ConfigurationException($"{secret.Setting}: the secret '{secret.SecretName}' is a JSON object without a text 'password'. Store the password alone, or under that key.");
    }

    /// <summary>Section <c>Mongo</c>: the server, without its password.</summary>
    private sealed record MongoServer(string Host, int Port, string Database, string UserName)
    {
        private const int DefaultPort = 27017;

        public static MongoServer Read(IConfiguration configuration) => new(
            Required(configuration, "Mongo:Host", "mongo.local"),
            configuration["Mongo:Port"] switch
            {
                null or "" => DefaultPort,
                var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 => port,
                var text => throw new ConfigurationException($"Mongo:Port is '{text}': use a port from 1 to 65535."),
            },
            Required(configuration, "Mongo:Database", "school"),
            Required(configuration, "Mongo:UserName", "admin"));

        public string ConnectionString(string password)
            => $"mongodb://{Uri.EscapeDataString(UserName)}:{Uri.EscapeDataString(password)}@{Host}:{Port}/{Uri.EscapeDataString(Database)}?authSource=admin&authMechanism=SCRAM-SHA-256";

        private static string Required(IConfiguration configuration, string key, string example) => configuration[key] is { } value && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : throw new ConfigurationException($"{key} is not set, and {MongoPassword} is: set it, for example to {example}.");
    }
}
