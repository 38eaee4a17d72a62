using System.Globalization;
using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Components.Traces;

/// <summary>The rows of a waterfall, with their selection by pointer and keys.</summary>
public sealed partial class WaterfallGrid
{
    /// <summary>The height of a row in pixels: what is out of sight is a gap of that height for each. The same in telemetry.css.</summary>
    private const int RowHeight = 28;

    /// <summary>Up to this many rows are all in the page; more are there as far as they are in sight.</summary>
    private const int MostPlainRows = 200;

    private const int DeepestIndent = 24;
    private const int RowsOfPage = 20;

    private readonly HashSet<SpanId> _collapsed = [];
    private List<WaterfallRow> _visible = [];
    private int[] _places = [];
    private IReadOnlyList<TimeSpan> _ticks = [];
    private Waterfall? _shown;
    private SpanId? _active;
    private string? _followed;
    private ElementReference _grid;
    private IJSObjectReference? _module;
    private bool _isSelectionToShow;

    /// <summary>The trace.</summary>
    [Parameter, EditorRequired]
    public Waterfall View { get; set; } = default!;

    /// <summary>The id of the span whose details are shown; null for none.</summary>
    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public EventCallback<string?> SelectedChanged { get; set; }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the module with it.
        }

        GC.SuppressFinalize(this);
    }

    protected override void OnParametersSet()
    {
        if (!ReferenceEquals(_shown, View))
        {
            var isOther = _shown?.Trace.TraceId != View.Trace.TraceId;
            _shown = View;
            _ticks = AxisTicks.Offsets(View.Duration);
            if (isOther)
            {
                _collapsed.Clear();
                (_active, _followed) = (null, null);
            }

            Arrange();
        }

        // Once for each choice: the page comes here with every span that arrives, and the keys may have gone on since.
        if (Selected != _followed && SpanId.TryParse(Selected, out var selected) && View.Find(selected) is { } row)
        {
            _followed = Selected;
            _active = selected;
            _isSelectionToShow = true;
            if (_places[row.Index] < 0)
            {
                Reveal(row);
            }
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await JavaScript.InvokeAsync<IJSObjectReference>("import", "./js/telemetry.js");
            await _module.InvokeVoidAsync("takeKeys", _grid);
        }

        if (_isSelectionToShow && _module is not null)
        {
            _isSelectionToShow = false;
            await ShowActiveAsync();
        }
    }

    private static string RowId(SpanId id) => $"span-{id}";

    private static string Indent(WaterfallRow row) => $"padding-left: {Math.Min(row.Depth, DeepestIndent) * 14}px";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(share, 0, 1) * 100:0.####}%");

    private static string Bar(WaterfallRow row) => $"left: {Percent(row.Left)}; width: {Percent(Math.Min(row.Width, 1 - row.Left))}";

    // Beside the bar: the column of bars ends where there is still place for a label (telemetry.css).
    private static string BarLabel(WaterfallRow row) => $"left: calc({Percent(Math.Min(1, row.Left + row.Width))} + 4px)";

    private string At(string property, TimeSpan offset) => $"{property}: {Percent(View.Duration <= TimeSpan.Zero ? 0 : offset / View.Duration)}";

    private bool IsSelected(WaterfallRow row) => Selected is not null && SpanId.TryParse(Selected, out var selected) && selected == row.Span.SpanId;

    private void Arrange()
    {
        _visible = [.. View.Visible(_collapsed)];
        _places = new int[View.Rows.Count];
        Array.Fill(_places, -1);
        for (var i = 0; i < _visible.Count; i++)
        {
            _places[_visible[i].Index] = i;
        }
    }

    private void Toggle(WaterfallRow row)
    {
        if (row.Children > 0 && !_collapsed.Remove(row.Span.SpanId))
        {
            _collapsed.Add(row.Span.SpanId);
        }

        Arrange();
    }

    // Opens whatever the row is below.
    private void Reveal(WaterfallRow row)
    {
        for (var i = 0; i < row.Index; i++)
        {
            if (i + View.Rows[i].Descendants >= row.Index)
            {
                _collapsed.Remove(View.Rows[i].Span.SpanId);
            }
        }

        Arrange();
    }

    private void CollapseAll()
    {
        _collapsed.UnionWith(View.Rows.Where(row => row.Children > 0).Select(row => row.Span.SpanId));
        Arrange();
    }

    private void ExpandAll()
    {
        _collapsed.Clear();
        Arrange();
    }

    private void OnFocus() => _active ??= _visible is [var first, ..] ? first.Span.SpanId : null;

    private async Task OnKeyAsync(KeyboardEventArgs key)
    {
        if (_visible.Count == 0)
        {
            return;
        }

        var row = _active is { } id ? View.Find(id) : null;
        var place = row is null ? 0 : Math.Max(0, _places[row.Index]);
        row = _visible[place];
        var isCollapsed = _collapsed.Contains(row.Span.SpanId);
        switch (key.Key)
        {
            case "ArrowDown":
                place++;
                break;
            case "ArrowUp":
                place--;
                break;
            case "PageDown":
                place += RowsOfPage;
                break;
            case "PageUp":
                place -= RowsOfPage;
                break;
            case "Home":
                place = 0;
                break;
            case "End":
                place = _visible.Count - 1;
                break;
            case "ArrowRight" when row.Children > 0 && isCollapsed:
            case "ArrowLeft" when row.Children > 0 && !isCollapsed:
                Toggle(row);
                break;
            case "ArrowRight" when row.Children > 0:
                place++;
                break;
            case "ArrowLeft":
                while (place > 0 && _visible[place].Depth >= row.Depth)
                {
                    place--;
                }

                break;
            case "Enter" or " ":
                await SelectAsync(row);
                return;
            default:
                return;
        }

        _active = _visible[Math.Clamp(place, 0, _visible.Count - 1)].Span.SpanId;
        await ShowActiveAsync();
    }

    private async Task ShowActiveAsync()
    {
        if (_module is not null && _active is { } id && View.Find(id) is { } row)
        {
            await _module.InvokeVoidAsync("showRow", _grid, _places[row.Index], RowHeight);
        }
    }

    private async Task SelectAsync(WaterfallRow row)
    {
        _active = row.Span.SpanId;
        await SelectedChanged.InvokeAsync(row.Span.SpanId.ToString());
    }
}
