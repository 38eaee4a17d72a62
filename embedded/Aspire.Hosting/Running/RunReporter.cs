using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Tells the person at the console what happens: a line for each change, then where everything is.</summary>
internal sealed class RunReporter : IAsyncDisposable
{
    // A process that ends by the signal it was stopped with, without handling it, has done as it was told.
    private const int Terminated = 128 + 15;
    private const int Killed = 128 + 9;

    private const string DashboardName = "Dashboard";

    private static readonly TimeSpan SummaryPatience = TimeSpan.FromSeconds(2);

    private readonly RunOutput _output;
    private readonly ResourceNotificationService _notifications;
    private readonly DistributedApplicationModel _model;
    private readonly DashboardLifecycle? _dashboard;
    private readonly CancellationTokenSource _ending = new();
    private readonly DateTime _started;
    private readonly Dictionary<string, string> _lastLines = new(StringComparer.OrdinalIgnoreCase);
    private readonly int _nameWidth;
    private readonly Task _follow;
    private readonly Task _announce;

    public RunReporter(RunOutput output, ResourceNotificationService notifications, DistributedApplicationModel model, DashboardLifecycle? dashboard)
    {
        _dashboard = dashboard;
        _output = output;
        _notifications = notifications;
        _model = model;
        _started = ProcessStart();
        _nameWidth = model.Resources.Where(IsShown).Select(r => r.Name.Length).Append(_dashboard is null ? 0 : DashboardName.Length).Max();
        // Subscribed when this returns: not on another thread, which could miss the first states.
        _follow = FollowAsync();
        _announce = AnnounceDashboardAsync();
    }

    /// <summary>When this process started: the person has waited since then, not since the model was ready.</summary>
    public static DateTime ProcessStart()
    {
        using var self = Process.GetCurrentProcess();
        return self.StartTime.ToUniversalTime();
    }

    /// <summary>Says where everything is, once everything is ready or a moment has passed.</summary>
    /// <param name="failed">Completes when the model does not come up: then there is nothing to say.</param>
    public async Task ReportStartedAsync(Task failed)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        patience.CancelAfter(SummaryPatience);
        var ready = Task.WhenAll(_model.Resources.Where(r => IsShown(r) && !r.HasAnnotationOfType<ExplicitStartupAnnotation>())
            .Select(r => _notifications.WaitForResourceAsync(r.Name, e => ResourceNotificationService.IsReady(e.Snapshot) || ResourceFailure.IsUnavailable(e.Snapshot), patience.Token)));

        // What is not ready by then reports itself later, a line at a time.
        await Task.WhenAny(ready, failed).ContinueWith(static _ => { }, TaskScheduler.Default);
        await patience.CancelAsync();
        await ready.ContinueWith(static _ => { }, TaskScheduler.Default);
        if (failed.IsCompleted)
        {
            return;
        }

        _output.WriteLine();
        foreach (var resource in _model.Resources.Where(IsShown))
        {
            if (!_notifications.TryGetCurrentState(resource.Name, out var current))
            {
                continue;
            }

            foreach (var url in current.Snapshot.Urls.Where(u => !u.IsInternal).OrderByDescending(u => u.DisplayProperties.SortOrder))
            {
                var label = url.DisplayProperties.DisplayName is { Length: > 0 } name ? $"  ({name})" : "";
                _output.WriteLine(($"  {resource.Name.PadRight(_nameWidth)}  ", RunTone.Normal), (url.Url, RunTone.Good), (label, RunTone.Quiet));
            }
        }

        _output.WriteLine(("Press Ctrl+C to stop.", RunTone.Quiet));
    }

    public void ReportStopping() => _output.WriteLine((Elapsed(), RunTone.Quiet), ("  Stopping.", RunTone.Normal));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _follow;
        await _announce;
        _ending.Dispose();
    }

    /// <summary>Programs, what belongs to them, and services elsewhere; parameters and the like only clutter.</summary>
    private static bool IsShown(IResource resource)
        => ProcessFactory.IsRunnable(resource) || resource is IResourceWithParent or ExternalServiceResource;

    // At once, not with the other addresses: where something fails, the start waits until somebody repairs it there.
    private async Task AnnounceDashboardAsync()
    {
        try
        {
            if (_dashboard is not null && await _dashboard.Started.WaitAsync(_ending.Token) is { } link)
            {
                _output.WriteLine(($"  {DashboardName.PadRight(_nameWidth)}  ", RunTone.Normal), (link.AbsoluteUri, RunTone.Good));
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The run ended before it listened.
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var @event in _notifications.WatchAsync(_ending.Token))
            {
                if (IsShown(@event.Resource) && !@event.Snapshot.IsHidden && Describe(@event.Snapshot) is var (text, tone) && _lastLines.GetValueOrDefault(@event.ResourceId) != text)
                {
                    _lastLines[@event.ResourceId] = text;
                    _output.WriteLine((Elapsed(), RunTone.Quiet), ($"  {@event.Resource.Name.PadRight(_nameWidth)}  ", RunTone.Normal), (text, tone));
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private static (string Text, RunTone Tone)? Describe(CustomResourceSnapshot snapshot)
    {
        var state = snapshot.State?.Text;
        var exit = snapshot.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" (exit code {code})") : "";
        return state switch
        {
            null or "NotStarted" => null,
            "Waiting" => ("waiting", RunTone.Quiet),
            "Starting" => ("starting", RunTone.Quiet),
            "Stopping" => ("stopping", RunTone.Quiet),
            "Running" when snapshot.HealthReports.IsEmpty => ("running", RunTone.Good),
            "Running" when snapshot.HealthStatus == HealthStatus.Healthy => ("running, healthy", RunTone.Good),
            "Running" when snapshot.ResourceReadyEvent is null => ("running", RunTone.Normal),
            "Running" => ($"running, {Unhealthy(snapshot)}", RunTone.Warning),
            ResourceState.Restarting => ($"crashed{exit}, starts again", RunTone.Warning),
            "FailedToStart" => (snapshot.FailureReason is { } reason ? $"failed: {FirstLine(reason)}" : $"failed to start{exit}", RunTone.Bad),
            "Exited" when snapshot.ExitCode == Killed => ("stopped (killed)", RunTone.Warning),
            "Exited" => ($"stopped{(snapshot.ExitCode is 0 or null or Terminated ? "" : exit)}", RunTone.Normal),
            "Finished" => ($"finished{(snapshot.ExitCode is 0 or null ? "" : exit)}", RunTone.Normal),
            _ => (state, RunTone.Normal),
        };
    }

    private static string Unhealthy(CustomResourceSnapshot snapshot)
    {
        var worst = snapshot.HealthReports.FirstOrDefault(r => r.Status is not HealthStatus.Healthy);
        var description = worst?.Description is { Length: > 0 } text ? $": {FirstLine(text)}" : "";
        return $"{(snapshot.HealthStatus == HealthStatus.Degraded ? "degraded" : "unhealthy")}{description}";
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');

    private string Elapsed() => string.Create(CultureInfo.InvariantCulture, $"{(DateTime.UtcNow - _started).TotalSeconds,6:0.00}s");
}
