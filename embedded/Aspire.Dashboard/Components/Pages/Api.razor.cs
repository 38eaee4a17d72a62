using Aspire.Dashboard.ApiReference;
using Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Components.Pages;

public sealed partial class Api
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(2);

    // By name: what was asked of a resource holds until it is started again.
    private readonly Dictionary<string, (DateTime? Started, bool Answer)> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _found = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<ResourceView> _described = [];
    private ResourceView? _selected;
    private bool _asked;
    private ElementReference? _frame;
    private string? _attached;
    private IJSObjectReference? _module;
    private ChangeSignal? _changes;

    [SupplyParameterFromQuery(Name = "resource")]
    private string? Resource { get; set; }

    public async ValueTask DisposeAsync()
    {
        if (_changes is not null)
        {
            await _changes.DisposeAsync();
        }

        if (_module is not null)
        {
            try
            {
                await _module.InvokeVoidAsync("detach");
                await _module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The page is gone, and its modules with it.
            }
        }
    }

    protected override void OnParametersSet() => Read();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _changes = new ChangeSignal(() => InvokeAsync(AskAsync));
            _changes.Follow(Notifications);
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "/js/api.js");
        }

        var shown = _selected is { } selected && _found.Contains(selected.Name) ? selected.Name : null;
        if (_module is not null && shown != _attached)
        {
            _attached = shown;
            if (shown is not null)
            {
                await _module.InvokeVoidAsync("attach", _frame);
            }
        }
    }

    private async Task AskAsync()
    {
        var signal = _changes!;
        var unanswered = false;
        foreach (var candidate in ApiDescriptions.Candidates(ResourceReader.Read(Model, Notifications)))
        {
            var started = candidate.Snapshot.StartTimeStamp;
            if (!ApiDescriptions.IsRunning(candidate) || (_answers.TryGetValue(candidate.Name, out var known) && known.Started == started))
            {
                continue;
            }

            if (await Descriptions.AskAsync(candidate, signal.Ending) is { } answer)
            {
                _answers[candidate.Name] = (started, answer);
                _ = answer ? _found.Add(candidate.Name) : _found.Remove(candidate.Name);
                // Shown at once: the next one may take its time.
                Read();
                StateHasChanged();
            }
            else
            {
                unanswered = true;
            }
        }

        _asked = true;
        Read();
        StateHasChanged();
        if (unanswered)
        {
            // Nothing changes in the model when a resource begins to answer.
            await Task.Delay(AskAgain, signal.Ending);
            signal.Set();
        }
    }

    private void Read()
    {
        var candidates = ApiDescriptions.Candidates(ResourceReader.Read(Model, Notifications));
        _described = [.. candidates.Where(candidate => _found.Contains(candidate.Name) || (ApiDescriptions.IsAnnounced(candidate) && !_answers.ContainsKey(candidate.Name)))];
        _selected = _described.FirstOrDefault(candidate => string.Equals(candidate.Name, Resource, StringComparison.OrdinalIgnoreCase)) ?? (_described is [var first, ..] ? first : null);
    }

    private void Choose(ChangeEventArgs change) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("resource", change.Value as string), replace: true);
}
