using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Dashboard.Resources;

/// <summary>How a state is to be taken.</summary>
public enum StateKind { Neutral, Progress, Success, Warning, Error }

/// <summary>A resource's state as people read it.</summary>
/// <param name="Kind">How it is to be taken.</param>
/// <param name="Text">What it is, with the health and exit code where they matter.</param>
/// <param name="Reasons">Why, one sentence each; empty when there is nothing to explain.</param>
public sealed record StateView(StateKind Kind, string Text, IReadOnlyList<string> Reasons)
{
    /// <summary>The class of the state's colour in resources.css.</summary>
    public string CssClass => Kind switch
    {
        StateKind.Success => "state-success",
        StateKind.Warning => "state-warning",
        StateKind.Error => "state-error",
        StateKind.Progress => "state-progress",
        _ => "state-neutral",
    };

    /// <summary>The reasons in one text, for a tooltip; null when there are none.</summary>
    public string? Tooltip => Reasons.Count == 0 ? null : string.Join("\n", Reasons);

    /// <summary>Reads a state.</summary>
    /// <param name="snapshot">The resource's.</param>
    /// <param name="isReady">Whether a resource that this one waits for is there.</param>
    public static StateView Of(CustomResourceSnapshot snapshot, Func<string, bool> isReady)
    {
        var state = snapshot.State?.Text;
        if (string.IsNullOrEmpty(state))
        {
            return new(StateKind.Neutral, "Unknown", []);
        }

        if (state == KnownResourceStates.Running)
        {
            return OfRunning(snapshot);
        }

        if (state == KnownResourceStates.Waiting)
        {
            var awaited = snapshot.Relationships.Where(r => r.Type == KnownRelationshipTypes.WaitFor && !isReady(r.ResourceName)).Select(r => $"It waits for {r.ResourceName}.");
            return new(StateKind.Progress, state, [.. awaited]);
        }

        if (state == KnownResourceStates.Starting || state == KnownResourceStates.Stopping || state == KnownResourceStates.Building)
        {
            return new(StateKind.Progress, state, []);
        }

        var reasons = snapshot.FailureReason is { } reason ? [reason] : Array.Empty<string>();
        if (state == KnownResourceStates.FailedToStart)
        {
            return new(StateKind.Error, WithExitCode("Failed to start", snapshot), reasons);
        }

        if (state == KnownResourceStates.Exited || state == KnownResourceStates.Finished)
        {
            return new(snapshot.ExitCode is null or 0 ? StateKind.Neutral : StateKind.Error, WithExitCode(state, snapshot), reasons);
        }

        var text = state == KnownResourceStates.NotStarted ? "Not started"
            : state == KnownResourceStates.ValueMissing ? "Value missing"
            : state == KnownResourceStates.RuntimeUnhealthy ? "Runtime unhealthy"
            : state == ResourceState.Restarting ? WithExitCode(state, snapshot)
            : state;
        return new(KindOf(snapshot.State!.Style), text, reasons);
    }

    private static StateView OfRunning(CustomResourceSnapshot snapshot) => snapshot.HealthStatus switch
    {
        HealthStatus.Unhealthy => new(StateKind.Warning, "Running (unhealthy)", Complaints(snapshot)),
        HealthStatus.Degraded => new(StateKind.Warning, "Running (degraded)", Complaints(snapshot)),
        _ => new(StateKind.Success, KnownResourceStates.Running, []),
    };

    private static IReadOnlyList<string> Complaints(CustomResourceSnapshot snapshot) =>
    [
        .. snapshot.HealthReports.Where(r => r.Status != HealthStatus.Healthy)
            .Select(r => r.Status is null ? $"{r.Name}: has not reported yet." : $"{r.Name}: {r.Description ?? r.Status.ToString()}"),
    ];

    private static string WithExitCode(string text, CustomResourceSnapshot snapshot)
        => snapshot.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"{text} (exit code {code})") : text;

    private static StateKind KindOf(string? style)
        => style == KnownResourceStateStyles.Success ? StateKind.Success
            : style == KnownResourceStateStyles.Error ? StateKind.Error
            : style == KnownResourceStateStyles.Warn ? StateKind.Warning
            : StateKind.Neutral;
}
