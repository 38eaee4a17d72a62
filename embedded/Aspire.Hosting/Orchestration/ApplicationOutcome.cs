namespace Aspire.Hosting.Orchestration;

/// <summary>What went wrong in this run: why the app host's exit code is not 0.</summary>
internal sealed class ApplicationOutcome
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _failures = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _notStarted = [];
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when something has failed.</summary>
    public Task WhenFailed => _failed.Task;

    /// <summary>A resource failed to start, or was given up.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="description">What happened, with its last output.</param>
    public void Failed(string resource, string description)
    {
        lock (_lock)
        {
            _failures[resource] = description;
        }

        _failed.TrySetResult();
    }

    /// <summary>A resource was not started because of another.</summary>
    public void NotStarted(string resource, string description)
    {
        lock (_lock)
        {
            _notStarted.Add(resource);
            if (_failures.Count == 0)
            {
                // What it waits for has not failed by itself; it ended, for instance.
                _failures[resource] = description;
            }
        }

        _failed.TrySetResult();
    }

    /// <summary>Somebody has started the resource again.</summary>
    public void Recovered(string resource)
    {
        lock (_lock)
        {
            _failures.Remove(resource);
            _notStarted.Remove(resource);
        }
    }

    /// <summary>What went wrong, for the person who runs the app host; null when nothing has.</summary>
    public DistributedApplicationException? ToException()
    {
        lock (_lock)
        {
            if (_failures.Count == 0)
            {
                return null;
            }

            var waiting = _notStarted.Where(r => !_failures.ContainsKey(r)).Distinct().ToArray();
            var because = waiting.Length == 0 ? "" : $"{Environment.NewLine}Not started because of that: {string.Join(", ", waiting)}.";
            return new DistributedApplicationException(string.Join(Environment.NewLine, _failures.Values) + because);
        }
    }
}
