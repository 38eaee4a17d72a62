using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Shared;

/// <summary>A page that shows telemetry and follows it: it loads again after something has arrived, at most four times a second, unless it is paused.</summary>
public abstract class TelemetryPage : ComponentBase, IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stopped = new();
    private IDisposable? _subscription;
    private int _isScheduled;

    [Inject]
    private protected TelemetryStore Store { get; set; } = default!;

    [Inject]
    private protected NavigationManager Navigation { get; set; } = default!;

    /// <summary>Whether what is shown stays as it is.</summary>
    protected bool IsPaused { get; private set; }

    /// <summary>What the page shows.</summary>
    private protected abstract TelemetryKind Kinds { get; }

    /// <summary>For a page whose picture changes with time even when nothing arrives: how often.</summary>
    private protected virtual TimeSpan? Period => null;

    /// <summary>Fetches what is shown from the store.</summary>
    private protected abstract void Load();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _subscription?.Dispose();
            _stopped.Cancel();
            _stopped.Dispose();
        }
    }

    protected override void OnParametersSet() => Load();

    // Only a page that is connected follows; the first picture, made by the request, does not.
    protected override void OnAfterRender(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        if (Period is { } period)
        {
            _ = FollowTimeAsync(period, _stopped.Token);
        }
        else
        {
            _subscription = Store.Subscribe(Kinds, Schedule);
            Schedule();
        }
    }

    /// <summary>Stops following, or goes on with what there is now.</summary>
    private protected virtual void SetPaused(bool paused)
    {
        IsPaused = paused;
        Load();
    }

    /// <summary>Goes to the same page with other parameters in the query string; null removes one.</summary>
    private protected void Go(IReadOnlyDictionary<string, object?> parameters) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(parameters), replace: true);

    /// <summary>The names of those that have sent something, in order.</summary>
    private protected IReadOnlyList<string> ResourceNames() =>
        [.. Store.Resources.Select(resource => resource.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            // The token of a disposed source throws, so it is the page's state that is asked first.
            _ = _stopped.IsCancellationRequested ? Task.CompletedTask : RefreshSoonAsync(_stopped.Token);
        }
    }

    private async Task RefreshSoonAsync(CancellationToken stopped)
    {
        try
        {
            await Task.Delay(RefreshInterval, stopped);
            Interlocked.Exchange(ref _isScheduled, 0);
            await InvokeAsync(Refresh);
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private async Task FollowTimeAsync(TimeSpan period, CancellationToken stopped)
    {
        try
        {
            using var timer = new PeriodicTimer(period);
            while (await timer.WaitForNextTickAsync(stopped))
            {
                await InvokeAsync(Refresh);
            }
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }

    private void Refresh()
    {
        if (!IsPaused && !_stopped.IsCancellationRequested)
        {
            Load();
            StateHasChanged();
        }
    }
}
