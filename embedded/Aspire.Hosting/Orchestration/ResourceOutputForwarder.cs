using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Writes the resources' logs to the app host's own, as category <c>APPLICATION.Resources.RESOURCE</c>, when that is wanted.</summary>
internal sealed class ResourceOutputForwarder(
    DistributedApplicationOptions options, ResourceLoggerService loggers, ILoggerFactory loggerFactory, IHostEnvironment environment) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tasks = [];

    public void Start(DistributedApplicationModel model)
    {
        if (options.EnableResourceLogging)
        {
            _tasks.AddRange(model.Resources.Select(ForwardAsync));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await Task.WhenAll(_tasks);
            _stopping.Dispose();
        }
    }

    private async Task ForwardAsync(IResource resource)
    {
        var logger = loggerFactory.CreateLogger($"{environment.ApplicationName}.Resources.{resource.Name}");
        try
        {
            await foreach (var batch in loggers.WatchAsync(resource).WithCancellation(_stopping.Token))
            {
                foreach (var line in batch)
                {
                    logger.Log(line.IsErrorMessage ? LogLevel.Error : LogLevel.Information, "{LineNumber}: {Line}", line.LineNumber, line.Content);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }
}
