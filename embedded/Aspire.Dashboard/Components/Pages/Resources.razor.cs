using Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Pages;

public sealed partial class Resources
{
    private const string ViewKey = "view";
    private const string ResourceKey = "resource";
    private const string Text = "text";
    private const string TypesKey = "types";
    private const string StatesKey = "states";
    private const string HiddenKey = "hidden";

    private ResourceFilter _filter = new();
    private IReadOnlyList<ResourceView> _all = [];
    private IReadOnlyList<ResourceView> _shown = [];
    private IReadOnlyList<string> _types = [];
    private IReadOnlyList<string> _states = [];
    private ResourceView? _selected;
    private ChangeSignal? _changes;

    [SupplyParameterFromQuery(Name = ViewKey)]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = ResourceKey)]
    private string? Resource { get; set; }

    [SupplyParameterFromQuery(Name = Text)]
    private string? TextFilter { get; set; }

    [SupplyParameterFromQuery(Name = TypesKey)]
    private string? Types { get; set; }

    [SupplyParameterFromQuery(Name = StatesKey)]
    private string? States { get; set; }

    [SupplyParameterFromQuery(Name = HiddenKey)]
    private bool? Hidden { get; set; }

    private bool IsGraph => string.Equals(View, "graph", StringComparison.OrdinalIgnoreCase);

    public async ValueTask DisposeAsync()
    {
        if (_changes is not null)
        {
            await _changes.DisposeAsync();
        }
    }

    protected override void OnParametersSet()
    {
        _filter = ResourceFilter.Parse(TextFilter, Types, States, Hidden ?? false);
        Read();
    }

    protected override void OnAfterRender(bool firstRender)
    {
        // Not while prerendering: nobody would see the changes, and nobody would end the watch.
        if (firstRender)
        {
            _changes = new ChangeSignal(() => InvokeAsync(() =>
            {
                Read();
                StateHasChanged();
            }));
            _changes.Follow(Notifications);
        }
    }

    private void Read()
    {
        _all = ResourceReader.Read(Model, Notifications);
        _shown = [.. _all.Where(_filter.Matches)];
        var offered = _all.Where(v => _filter.Hidden || !v.Snapshot.IsHidden).ToList();
        _types = [.. offered.Select(v => v.Type).Union(_filter.Types).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        _states = [.. offered.Select(v => v.State.Text).Union(_filter.States).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        _selected = Resource is { Length: > 0 } name ? _all.FirstOrDefault(v => string.Equals(v.Name, name, StringComparison.OrdinalIgnoreCase)) : null;
    }

    private void Go(string key, string? value) => Navigation.NavigateTo(Address([(key, value is { Length: > 0 } ? value : null)]), replace: true);

    private string AddressOf(string? resource) => Address([(ResourceKey, resource)]);

    private string Address(IEnumerable<(string Key, string? Value)> changes)
        => Navigation.GetUriWithQueryParameters(changes.ToDictionary(c => c.Key, c => (object?)c.Value));
}
