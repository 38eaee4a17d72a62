using System.Globalization;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Components.Topology;

/// <summary>What happens on a flow now.</summary>
public enum FlowActivity
{
    /// <summary>Nobody measures it on this machine.</summary>
    Unmeasured,

    /// <summary>Nothing was called in the window.</summary>
    Quiet,

    /// <summary>Calls, all of them answered.</summary>
    Active,

    /// <summary>Failed calls, or nobody there to answer.</summary>
    Failing,
}

/// <summary>A flow and what happens on it.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Activity">What happens on it.</param>
/// <param name="PerSecond">Calls a second in the window.</param>
/// <param name="ErrorsPerSecond">Failed calls a second in the window.</param>
/// <param name="Problem">What is wrong, as a sentence; null where nothing is.</param>
public sealed record LiveFlow(FlowEntry Flow, FlowActivity Activity, double PerSecond, double ErrorsPerSecond, string? Problem)
{
    /// <summary>The class of its row and of its arrow.</summary>
    public string CssClass => Activity switch
    {
        FlowActivity.Active => "active",
        FlowActivity.Failing => "failing",
        FlowActivity.Quiet => "quiet",
        _ => "unmeasured",
    };

    /// <summary>The label on the arrow; empty where there is nothing to say. A cross says what red does.</summary>
    public string Label => Activity switch
    {
        FlowActivity.Failing when PerSecond > 0 => $"✗ {Rate(PerSecond)}",
        FlowActivity.Failing => "✗ down",
        FlowActivity.Active => Rate(PerSecond),
        _ => "",
    };

    /// <summary>What happens on it, for those who cannot see the arrow.</summary>
    public string Sentence => Activity switch
    {
        FlowActivity.Unmeasured => "not measured on this machine",
        FlowActivity.Quiet => "no calls now",
        FlowActivity.Active => $"{Number(PerSecond)} calls a second",
        _ => Problem ?? "failing",
    };

    /// <summary>The flows of a topology now.</summary>
    /// <param name="flows">The flows.</param>
    /// <param name="traffic">The calls between resources.</param>
    /// <param name="stateOf">The state of a resource; null where the model has none of that name.</param>
    internal static IReadOnlyList<LiveFlow> Match(IReadOnlyList<FlowEntry> flows, IReadOnlyList<TrafficEdge> traffic, Func<string, StateView?> stateOf)
        => [.. flows.Select(flow => Match(flow, traffic, stateOf))];

    /// <summary>A rate as people read it: <c>0.4/s</c>, <c>12/s</c>.</summary>
    public static string Rate(double perSecond) => $"{Number(perSecond)}/s";

    private static LiveFlow Match(FlowEntry flow, IReadOnlyList<TrafficEdge> traffic, Func<string, StateView?> stateOf)
    {
        if (flow.Telemetry is not { } of)
        {
            return new(flow, FlowActivity.Unmeasured, 0, 0, null);
        }

        var edge = traffic.FirstOrDefault(e => Same(e.Source, of.Source) && Same(e.Target, of.Target));
        var (calls, errors) = (edge?.PerSecond ?? 0, edge?.ErrorsPerSecond ?? 0);
        if (ProblemOf(of.Target, stateOf(of.Target)) is { } problem)
        {
            return new(flow, FlowActivity.Failing, calls, errors, problem);
        }

        return errors > 0 ? new(flow, FlowActivity.Failing, calls, errors, $"{Rate(errors)} of {Rate(calls)} fail")
            : new(flow, calls > 0 ? FlowActivity.Active : FlowActivity.Quiet, calls, 0, null);
    }

    // Who is on the way up or down does not answer yet, and nothing is wrong with it.
    private static string? ProblemOf(string resource, StateView? state) => state switch
    {
        null => $"there is no resource {resource}",
        { Kind: StateKind.Success or StateKind.Progress } => null,
        _ => $"{resource}: {state.Text}",
    };

    private static bool Same(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Number(double perSecond) => perSecond.ToString(perSecond is > 0 and < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
