using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.MongoDB.Driver;

/// <summary>
/// Healthy when the deployment answers <c>ping</c>. The registration's timeout is the deadline: the health check service cancels the token.
/// </summary>
internal sealed class MongoDBHealthCheck(Func<IMongoClient> client) : IHealthCheck
{
    private static readonly BsonDocument Ping = new("ping", 1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // Any database answers ping, without a privilege on it; admin always exists.
            await client().GetDatabase("admin")
                .RunCommandAsync<BsonDocument>(Ping, cancellationToken: cancellationToken).ConfigureAwait(false);
            return HealthCheckResult.Healthy();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "MongoDB did not answer before the check's deadline.");
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "MongoDB does not answer.", exception);
        }
    }
}
