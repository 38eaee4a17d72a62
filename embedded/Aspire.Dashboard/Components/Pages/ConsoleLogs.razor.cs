using System.Globalization;
using System.Text;
using Aspire.Dashboard.ConsoleLogs;
using Aspire.Dashboard.Resources;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Components.Pages;

public sealed partial class ConsoleLogs(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService loggers, NavigationManager navigation, IJSRuntime js)
{
    /// <summary>How many lines are kept; the oldest make place.</summary>
    internal const int Capacity = 10_000;

    // As in resources.css.
    private const int RowHeight = 20;

    private readonly ConsoleBuffer _buffer = new(Capacity);
    private IReadOnlyList<ResourceView> _views = [];
    private IReadOnlyList<ConsoleLine> _lines = [];
    private List<ConsoleRow> _rows = [];
    private List<ConsoleMatch> _matches = [];
    private ResourceView? _chosen;
    private string? _watched;
    private string _search = "";
    private int _current = -1;
    private int _columns;
    private bool _filter;
    private bool _paused;
    private bool _times = true;
    private bool _utc;
    private bool _wrap;
    private bool _following = true;
    private bool _interactive;
    private ChangeSignal? _changes;
    private ConsoleLogFeed? _feed;
    private ElementReference _box;
    private IJSObjectReference? _module;
    private IJSObjectReference? _scroller;
    private DotNetObjectReference<ConsoleLogs>? _self;

    /// <summary>The resource; null for all of them, interleaved.</summary>
    [Parameter]
    public string? Resource { get; set; }

    private bool IsUnknown => Resource is { Length: > 0 } && _chosen is null;

    private string SearchCount => _search.Length == 0 ? ""
        : _matches.Count == ConsoleSearch.MaxMatches ? $"{ConsoleSearch.MaxMatches}+"
        : string.Create(CultureInfo.InvariantCulture, $"{(_current < 0 ? 0 : _current + 1)} of {_matches.Count}");

    /// <summary>The browser says whether the end is in sight.</summary>
    [JSInvokable]
    public void SetFollowing(bool following)
    {
        _following = following;
        StateHasChanged();
    }

    /// <summary>The browser says how many characters are as wide as the window.</summary>
    [JSInvokable]
    public void SetColumns(int columns)
    {
        _columns = columns;
        if (_wrap)
        {
            Arrange();
            StateHasChanged();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_changes is not null)
        {
            await _changes.DisposeAsync();
        }

        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        _self?.Dispose();
        try
        {
            if (_scroller is not null)
            {
                await _scroller.InvokeVoidAsync("dispose");
                await _scroller.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and its listeners with it.
        }
    }

    protected override async Task OnParametersSetAsync()
    {
        ReadResources();
        if (_interactive)
        {
            await WatchAsync();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        // Not while prerendering: nobody would see the lines, and nobody would end the watch.
        _interactive = true;
        _changes = new ChangeSignal(() => InvokeAsync(Refresh));
        _changes.Follow(notifications);
        await WatchAsync();
        _module = await js.InvokeAsync<IJSObjectReference>("import", "./js/resources.js");
        _self = DotNetObjectReference.Create(this);
        _scroller = await _module.InvokeAsync<IJSObjectReference>("attachConsole", _box, _self);
    }

    private async Task WatchAsync()
    {
        var wanted = Resource ?? "";
        if (_watched == wanted)
        {
            return;
        }

        _watched = wanted;
        var earlier = _feed;
        _feed = null;
        if (earlier is not null)
        {
            await earlier.DisposeAsync();
        }

        if (_watched != wanted)
        {
            // Another resource was chosen meanwhile, and is watched already.
            return;
        }

        _buffer.Clear();
        _paused = false;
        _current = -1;
        string[] names = Resource is null ? [.. model.Resources.Select(r => r.Name)] : _chosen is { } chosen ? [chosen.Name] : [];
        _feed = new ConsoleLogFeed(loggers, names, Capacity, () => _changes?.Set());
        Arrange();
        StateHasChanged();
    }

    private void Refresh()
    {
        ReadResources();
        Take();
        StateHasChanged();
    }

    private void ReadResources()
    {
        _views = [.. ResourceReader.Read(model, notifications).Where(v => !v.Snapshot.IsHidden || IsChosen(v.Name)).OrderBy(v => v.Name, StringComparer.OrdinalIgnoreCase)];
        _chosen = Resource is null ? null : _views.FirstOrDefault(v => IsChosen(v.Name));
    }

    private void Take()
    {
        if (_paused || _feed is not { PendingCount: > 0 })
        {
            return;
        }

        var (lines, lost) = _feed.Take();
        _buffer.Lost(lost);
        _buffer.Add(lines);
        Arrange();
    }

    /// <summary>Works out what is shown: which lines, cut into which rows, with which matches.</summary>
    private void Arrange()
    {
        var visited = _current >= 0 && _current < _matches.Count && _matches[_current] is var match && match.Line < _lines.Count ? (Line: _lines[match.Line], match.Start) : default;
        _lines = _filter ? ConsoleSearch.Filter(_buffer.Lines, _search) : _buffer.Lines.ToArray();
        _matches = ConsoleSearch.Find(_lines, _search);
        _rows = ConsoleRows.Of(_lines, _wrap ? TextColumns : 0);
        // The match that is being visited stays so when lines come or go.
        _current = visited.Line is null ? -1 : _matches.FindIndex(m => m.Start == visited.Start && ReferenceEquals(_lines[m.Line], visited.Line));
    }

    // What stands before the text takes its part of the row, in characters: see resources.css.
    private int TextColumns => Math.Max(20, _columns - 2 - (_times ? 14 : 0) - (Resource is null ? 15 : 0));

    private int CurrentStartIn(ConsoleRow row) => _current >= 0 && _matches[_current].Line == row.LineIndex ? _matches[_current].Start : -1;

    private bool IsChosen(string name) => string.Equals(name, Resource, StringComparison.OrdinalIgnoreCase);

    private void Choose(ChangeEventArgs e) => navigation.NavigateTo(e.Value is string { Length: > 0 } name ? $"consolelogs/{Uri.EscapeDataString(name)}" : "consolelogs");

    private void SetSearch(string? text)
    {
        _search = text ?? "";
        _current = -1;
        Arrange();
    }

    private void SetOption(Action change)
    {
        change();
        Arrange();
    }

    private Task SearchKeyAsync(KeyboardEventArgs e) => e.Key == "Enter" ? StepAsync(e.ShiftKey ? -1 : 1) : Task.CompletedTask;

    private async Task StepAsync(int step)
    {
        if (_matches.Count == 0)
        {
            return;
        }

        _current = _current < 0 ? (step > 0 ? 0 : _matches.Count - 1) : (_current + step + _matches.Count) % _matches.Count;
        if (_scroller is not null)
        {
            await _scroller.InvokeVoidAsync("toRow", ConsoleRows.IndexOf(_rows, _matches[_current]), RowHeight);
        }
    }

    private void Pause(bool paused)
    {
        _paused = paused;
        Take();
    }

    private void Clear()
    {
        // What is held while it is paused is cleared with the rest.
        _feed?.Take();
        _buffer.Clear();
        _current = -1;
        Arrange();
    }

    private async Task ToEndAsync()
    {
        if (_scroller is not null)
        {
            await _scroller.InvokeVoidAsync("toEnd");
        }
    }

    private async Task DownloadAsync()
    {
        if (_module is null)
        {
            return;
        }

        var text = new StringBuilder();
        foreach (var line in _buffer.Lines)
        {
            text.Append(line.ToPlainText(withResource: Resource is null)).Append('\n');
        }

        using var stream = new DotNetStreamReference(new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())));
        var name = string.Create(CultureInfo.InvariantCulture, $"{Resource ?? "all-resources"}-{DateTime.UtcNow:yyyyMMdd-HHmmss}.log");
        await _module.InvokeVoidAsync("save", name, stream);
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
