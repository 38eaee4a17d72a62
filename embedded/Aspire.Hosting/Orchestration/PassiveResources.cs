using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Brings the resources that are not processes to life: parameters, connection strings, services that somebody else runs.</summary>
internal sealed class PassiveResources(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    IDistributedApplicationEventing eventing,
    ApplicationOutcome outcome,
    IHostApplicationLifetime lifetime,
    IServiceProvider services)
{
    /// <summary>Reads every parameter, so that a missing one is said before anything is started.</summary>
    /// <exception cref="DistributedApplicationException">Some have no value; the message names all of them.</exception>
    public async Task InitializeParametersAsync(CancellationToken cancellationToken)
    {
        var missing = new List<string>();
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            try
            {
                var value = await parameter.GetValueAsync(cancellationToken);
                await notifications.PublishUpdateAsync(parameter, s => s with
                {
                    State = KnownResourceStates.Running,
                    Properties = s.Properties.With(new ResourcePropertySnapshot(ResourceFacts.ParameterValue, value) { IsSensitive = parameter.Secret }),
                });
            }
            catch (MissingParameterValueException exception)
            {
                missing.Add(exception.Message);
                loggers.GetLogger(parameter).LogError("{Message}", exception.Message);
                await notifications.PublishUpdateAsync(parameter, s => s with { State = new ResourceStateSnapshot(KnownResourceStates.ValueMissing, KnownResourceStateStyles.Warn) });
            }
        }

        if (missing.Count > 0)
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, missing));
        }
    }

    /// <summary>Says of every connection string that does not wait for others that it can be read.</summary>
    public async Task PublishConnectionStringsAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithConnectionString>().Where(r => r is not ConnectionStringResource))
        {
            await PublishConnectionStringAsync(resource, cancellationToken);
        }
    }

    /// <summary>Starts what runs in the background until it is there.</summary>
    /// <returns>The tasks, which never fail.</returns>
    public IEnumerable<Task> Start(CancellationToken stopping) =>
    [
        .. model.Resources.OfType<ConnectionStringResource>().Select(r => StartAsync(r, stopping)),
        .. model.Resources.OfType<ExternalServiceResource>().Select(r => StartAsync(r, stopping)),
    ];

    private async Task StartAsync(ConnectionStringResource resource, CancellationToken stopping)
    {
        try
        {
            await notifications.WaitForDependenciesAsync(resource, stopping);
            await PublishConnectionStringAsync(resource, stopping);
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception exception)
        {
            await FailAsync(resource, exception);
        }
    }

    private async Task StartAsync(ExternalServiceResource resource, CancellationToken stopping)
    {
        try
        {
            var uri = await resource.ResolveUriAsync(stopping);
            await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Running, Urls = [.. s.Urls, new UrlSnapshot(Name: null, uri.ToString(), IsInternal: false)] });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (Exception exception)
        {
            await FailAsync(resource, exception);
        }
    }

    private async Task FailAsync(IResource resource, Exception exception)
    {
        loggers.GetLogger(resource).LogError("{Message}", exception.Message);
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            FailureReason = exception.Message,
        });
        if (exception is DependencyFailedException)
        {
            outcome.NotStarted(resource.Name, exception.Message, isPartOfStart: true);
        }
        else
        {
            outcome.Failed(resource.Name, $"Resource '{resource.Name}' failed: {exception.Message}", isPartOfStart: true);
        }
    }

    private async Task PublishConnectionStringAsync(IResourceWithConnectionString resource, CancellationToken cancellationToken)
    {
        string? value;
        try
        {
            value = await resource.GetConnectionStringAsync(cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            throw new DistributedApplicationException($"The connection string of resource '{resource.Name}' cannot be made: {exception.Message}", exception);
        }

        await eventing.PublishAsync(new ConnectionStringAvailableEvent(resource, services), cancellationToken);
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            Properties = s.Properties.With(new ResourcePropertySnapshot(CustomResourceKnownProperties.ConnectionString, value) { IsSensitive = true }),
        });
    }
}
