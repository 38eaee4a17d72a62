using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Pages;

/// <summary>The log records, the newest first.</summary>
public sealed partial class StructuredLogs
{
    /// <summary>How many records a page has.</summary>
    internal const int PageSize = 100;

    private LogsState _state = LogsState.Parse(null, null, null, null, null, null, null);
    private Found<LogEntry> _found = new([], 0);
    private IReadOnlyList<string> _resources = [];
    private IReadOnlyList<string> _keys = [];
    private bool _isNarrowed;

    // While paused: what came after this is not shown.
    private long? _pausedBefore;

    [SupplyParameterFromQuery]
    private string? Resource { get; set; }

    [SupplyParameterFromQuery]
    private string? Level { get; set; }

    [SupplyParameterFromQuery]
    private string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string[]? Filters { get; set; }

    [SupplyParameterFromQuery]
    private string? Trace { get; set; }

    [SupplyParameterFromQuery]
    private string? Span { get; set; }

    [SupplyParameterFromQuery]
    private long? Before { get; set; }

    /// <summary>The record whose details are shown.</summary>
    [SupplyParameterFromQuery]
    private long? Log { get; set; }

    private protected override TelemetryKind Kinds => TelemetryKind.Logs | TelemetryKind.Resources;

    private protected override void Load()
    {
        _state = LogsState.Parse(Resource, Level, Text, Filters, Trace, Span, Before);
        var query = _state.ToQuery();
        _found = Store.GetLogs(query with { Before = query.Before is null || _pausedBefore < query.Before ? _pausedBefore ?? query.Before : query.Before }, 0, PageSize);
        _resources = ResourceNames();
        _keys = Store.LogAttributeKeys;
        _isNarrowed = _found.Total == 0 && Store.GetLogs(new LogQuery(), 0, 1).Total > 0;
    }

    private protected override void SetPaused(bool paused)
    {
        _pausedBefore = paused && Store.GetLogs(new LogQuery(), 0, 1).Items is [var newest, ..] ? newest.Sequence + 1 : null;
        base.SetPaused(paused);
    }

    // Another choice begins at the newest again; going to older ones is a choice of its own.
    private void Show(LogsState state) => Go((state.Before == _state.Before ? state with { Before = null } : state).ToParameters());

    private void Select(long? sequence) => Go(new Dictionary<string, object?> { ["log"] = sequence });

    private void ChangeLevel(ChangeEventArgs change) =>
        Show(_state with { Level = Enum.TryParse<LogSeverity>(change.Value as string, ignoreCase: true, out var level) ? level : LogSeverity.Unspecified });

    private void Clear()
    {
        Store.Clear(TelemetryKind.Logs, _state.Resource);
        Show(_state with { Before = null });
        Load();
    }
}
