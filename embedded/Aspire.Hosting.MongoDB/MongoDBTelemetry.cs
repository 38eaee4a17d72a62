using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB;

/// <summary>
/// The metrics of a server, which it does not send itself: it is asked for its <c>serverStatus</c> (https://www.mongodb.com/docs/manual/reference/command/serverStatus/) every two
/// seconds while it runs, where the app host knows a collector.
/// </summary>
/// <param name="server">The server in the model.</param>
/// <param name="client">Whoever has a connection to it.</param>
/// <param name="services">The application's services.</param>
internal sealed class MongoDBTelemetry(MongoDBServerResource server, MongoDBHealthCheck client, IServiceProvider services) : IAsyncDisposable
{
    public const string Scope = "Aspire.Hosting.MongoDB";

    private const int Unauthorized = 13;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Of one question.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    /// <summary>The server runs.</summary>
    public void Begin()
    {
        if (OtlpSettings.FindForAppHost(services.GetRequiredService<IConfiguration>()) is null)
        {
            return;
        }

        lock (_lock)
        {
            if (_stop is null)
            {
                _stop = new CancellationTokenSource();
                var stopping = _stop.Token;
                // What waits for the server does not wait for this.
                _run = Task.Run(() => RunAsync(stopping), CancellationToken.None);
            }
        }
    }

    /// <summary>The server has ended.</summary>
    public async Task EndAsync()
    {
        CancellationTokenSource? stop;
        Task run;
        lock (_lock)
        {
            (stop, _stop, run) = (_stop, null, _run);
        }

        if (stop is not null)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(false);
            stop.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    private async Task RunAsync(CancellationToken stopping)
    {
        if (ResourceTelemetry.Start(server, services, Scope) is not { } telemetry)
        {
            return;
        }

        await using (telemetry.ConfigureAwait(false))
        {
            var metrics = new ServerStatusMetrics(telemetry.Meter);
            using var timer = new PeriodicTimer(Interval);
            var reported = false;
            try
            {
                do
                {
                    (metrics.Status, var refusal) = await AskAsync(stopping).ConfigureAwait(false);
                    if (refusal is not null && !reported)
                    {
                        reported = true;
                        services.GetRequiredService<ResourceLoggerService>().GetLogger(server).LogWarning("There are no metrics of '{Server}': {Reason}", server.Name, refusal);
                    }
                }
                while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // The server has ended.
            }
        }
    }

    private async Task<(BsonDocument? Status, string? Refusal)> AskAsync(CancellationToken stopping)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(Deadline);
        try
        {
            return (await client.RunAsync(ServerStatusMetrics.Command, deadline.Token).ConfigureAwait(false), null);
        }
        catch (MongoCommandException exception)
        {
            return (null, exception.Code == Unauthorized ? "its user may not run serverStatus. Give it the role clusterMonitor." : exception.Message);
        }
        catch (Exception exception) when (exception is MongoException or TimeoutException || (exception is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            // The health check says so, and what it means.
            return (null, null);
        }
    }
}
