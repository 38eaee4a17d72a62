using System.Globalization;
using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Pages;

/// <summary>The traces, the newest first.</summary>
public sealed partial class Traces
{
    /// <summary>How many traces a page has.</summary>
    internal const int PageSize = 100;

    private const int MostBadges = 8;

    private TracesState _state = TracesState.Parse(null, null, null, null, null, null);
    private Found<TraceSummary> _found = new([], 0);
    private IReadOnlyList<string> _resources = [];
    private IReadOnlyList<string> _keys = [];
    private TimeSpan _longest;
    private bool _isNarrowed;

    // While paused: the choice that _all was made for, so that paging stays in it.
    private TraceQuery? _pausedQuery;
    private Found<TraceSummary>? _all;

    [SupplyParameterFromQuery]
    private string? Resource { get; set; }

    [SupplyParameterFromQuery]
    private string? Text { get; set; }

    [SupplyParameterFromQuery]
    private bool? Errors { get; set; }

    [SupplyParameterFromQuery]
    private string? Min { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string[]? Filters { get; set; }

    [SupplyParameterFromQuery]
    private int? Page { get; set; }

    private protected override TelemetryKind Kinds => TelemetryKind.Traces | TelemetryKind.Resources;

    private protected override void Load()
    {
        _state = TracesState.Parse(Resource, Text, Errors, Min, Filters, Page);
        var skip = (_state.Page - 1) * PageSize;
        if (IsPaused)
        {
            LoadPaused(skip);
        }
        else
        {
            (_all, _pausedQuery) = (null, null);
            _found = Store.GetTraces(_state.ToQuery(), skip, PageSize);
        }

        _longest = _found.Items.Count == 0 ? TimeSpan.Zero : _found.Items.Max(trace => trace.Duration);
        _resources = ResourceNames();
        _keys = Store.SpanAttributeKeys;
        _isNarrowed = _found.Items.Count == 0 && Store.GetTraces(new TraceQuery(), 0, 1).Total > 0;
    }

    private static string Percent(string property, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"{property}: {Math.Clamp(share, 0, 1) * 100:0.###}%");

    private void LoadPaused(int skip)
    {
        var query = _state.ToQuery();
        if (_all is null || _pausedQuery is null || !IsSame(query, _pausedQuery))
        {
            (_all, _pausedQuery) = (Store.GetTraces(query, 0, int.MaxValue), query);
        }

        _found = new Found<TraceSummary>([.. _all.Items.Skip(skip).Take(PageSize)], _all.Total);
    }

    private static bool IsSame(TraceQuery one, TraceQuery other) =>
        one with { Filters = other.Filters } == other && one.Filters.SequenceEqual(other.Filters);

    private double Share(TraceSummary trace) => _longest <= TimeSpan.Zero ? 0 : trace.Duration / _longest;

    // Another choice begins at the first page; another page is a choice of its own.
    private void Show(TracesState state) => Go((state.Page == _state.Page ? state with { Page = 1 } : state).ToParameters());

    private void ChangeMinimum(string? text) => Show(TracesState.Parse(_state.Resource, _state.Text, _state.ErrorsOnly, text, [], _state.Page) with { Filters = _state.Filters });

    private void Clear()
    {
        Store.Clear(TelemetryKind.Traces, _state.Resource);
        Show(_state with { Page = 1 });
        _all = null;
        Load();
    }
}
