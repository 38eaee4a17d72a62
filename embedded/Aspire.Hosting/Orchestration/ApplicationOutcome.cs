namespace Aspire.Hosting.Orchestration;

/// <summary>What went wrong in this run: why the app host's exit code is not 0.</summary>
internal sealed class ApplicationOutcome
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _failures = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _notStarted = [];
    private readonly TaskCompletionSource _cannotComeUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when it is clear that the model does not come up as a whole.</summary>
    public Task WhenCannotComeUp => _cannotComeUp.Task;

    /// <summary>A resource failed to start, or was given up.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="description">What happened, with its last output.</param>
    /// <param name="isPartOfStart">Whether the model comes up only with it: not when it was up before, or is started by hand.</param>
    public void Failed(string resource, string description, bool isPartOfStart = true)
    {
        lock (_lock)
        {
            _failures[resource] = description;
        }

        if (isPartOfStart)
        {
            _cannotComeUp.TrySetResult();
        }
    }

    /// <summary>A resource was not started because of another.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="description">What happened to the other.</param>
    /// <param name="isPartOfStart">Whether the model comes up only with it.</param>
    public void NotStarted(string resource, string description, bool isPartOfStart = true)
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

        if (isPartOfStart)
        {
            _cannotComeUp.TrySetResult();
        }
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
