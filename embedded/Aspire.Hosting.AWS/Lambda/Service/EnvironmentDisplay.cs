using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What is shown of an environment.</summary>
internal sealed record EnvironmentDescription(int Number, int? ProcessId, EnvironmentState State);

/// <summary>
/// Publishes a function's environments as properties of its resource, so that a debugger can be attached to their processes. They are published when one comes or goes, not for each
/// invocation; changes that come while one is published are published together.
/// </summary>
internal sealed class EnvironmentDisplay(InProcessContext context) : IAsyncDisposable
{
    public const string Count = "lambda.environments";
    public const string Processes = "lambda.environments.pids";

    private readonly Lock _lock = new();
    private Task _publishing = Task.CompletedTask;
    private Func<IReadOnlyList<EnvironmentDescription>>? _pending;
    private bool _isPublishing;

    public void Changed(Func<IReadOnlyList<EnvironmentDescription>> snapshot)
    {
        lock (_lock)
        {
            _pending = snapshot;
            if (!_isPublishing)
            {
                _isPublishing = true;
                _publishing = Task.Run(PublishAsync);
            }
        }
    }

    public async ValueTask DisposeAsync() => await _publishing.ConfigureAwait(false);

    private async Task PublishAsync()
    {
        while (true)
        {
            Func<IReadOnlyList<EnvironmentDescription>> snapshot;
            lock (_lock)
            {
                if (_pending is null)
                {
                    _isPublishing = false;
                    return;
                }

                (snapshot, _pending) = (_pending, null);
            }

            var environments = snapshot();
            await context.Notifications.PublishUpdateAsync(context.Resource, current => current with { Properties = With(current.Properties, environments) }).ConfigureAwait(false);
        }
    }

    private static ImmutableArray<ResourcePropertySnapshot> With(ImmutableArray<ResourcePropertySnapshot> properties, IReadOnlyList<EnvironmentDescription> environments) =>
    [
        .. properties.Where(p => p.Name is not (Count or Processes)),
        new(Count, environments.Count.ToString(CultureInfo.InvariantCulture)),
        new(Processes, string.Join(", ", environments.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Number}: {e.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "-"} ({(e.State == EnvironmentState.Starting ? "starting" : "started")})")))),
    ];
}
