using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Asks a URL over HTTP and expects a certain status.</summary>
internal sealed class HttpHealthCheck(IHttpClientFactory clients, Func<CancellationToken, ValueTask<Uri>> findUrl, int expectedStatus) : IHealthCheck
{
    public HttpHealthCheck(IHttpClientFactory clients, EndpointReference endpoint, string path, int expectedStatus)
        : this(clients, async cancellationToken => new Uri(new Uri((await endpoint.GetValueAsync(cancellationToken))!), path), expectedStatus)
    {
    }

    /// <summary>What its requests say they are from: emulators leave them out of the telemetry, since they come every few seconds and would bury the requests that people make.</summary>
    public const string UserAgent = "Aspire-HealthChecker/1.0";

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var url = await findUrl(cancellationToken);
        try
        {
            using var client = clients.CreateClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.UserAgent.ParseAdd(UserAgent);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode == expectedStatus
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{url} answered {(int)response.StatusCode}, not {expectedStatus}.");
        }
        catch (HttpRequestException exception)
        {
            return HealthCheckResult.Unhealthy($"{url} cannot be reached: {exception.Message}", exception);
        }
    }
}
