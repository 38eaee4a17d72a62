using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>What follows when a server that runs as a local process refuses the credential.</summary>
/// <param name="server">The server in the model.</param>
/// <param name="local">Its process.</param>
/// <param name="services">The application's services.</param>
internal sealed class RefusedCredential(MongoDBServerResource server, LocalServer local, IServiceProvider services)
{
    private const int UserAlreadyExists = 51003;
    private const int Unauthorized = 13;

    private int _reported;

    /// <summary>Makes the first user where mongod has none yet; else reports that the model cannot come up.</summary>
    /// <returns>Whether the credential may be accepted now.</returns>
    public async Task<bool> HandleAsync(string address, CancellationToken cancellationToken)
    {
        if (local.Engine == MongoEngine.Mongod && await MakeFirstUserAsync(address, cancellationToken))
        {
            return true;
        }

        // Whoever waits for the server would wait for ever, and every further attempt would be refused as well.
        if (Interlocked.Exchange(ref _reported, 1) == 0)
        {
            var explanation = local.ExplainMismatch();
            services.GetRequiredService<ResourceLoggerService>().GetLogger(server).LogError("{Explanation}", explanation);
            await services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(
                server, snapshot => snapshot with { State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error) });
            services.GetRequiredService<ApplicationOutcome>().Failed(server.Name, explanation);
        }

        return false;
    }

    // mongod makes no user by itself. As long as there is none, it lets a connection of this machine make one (the localhost exception).
    private static async Task<bool> MakeFirstUserAsync(string address, CancellationToken cancellationToken)
    {
        var settings = MongoDBHealthCheck.ClientSettings(address);
        var credential = MongoUrl.Create(address);
        settings.Credential = null;
        settings.ApplicationName = "first user";
        using var client = new MongoClient(settings);
        try
        {
            await client.GetDatabase("admin").RunCommandAsync<BsonDocument>(
                new BsonDocument
                {
                    { "createUser", credential.Username },
                    { "pwd", credential.Password },
                    { "roles", new BsonArray { "root" } },
                },
                cancellationToken: cancellationToken);
            return true;
        }
        catch (MongoCommandException e) when (e.Code is Unauthorized or UserAlreadyExists)
        {
            return false;
        }
    }
}
