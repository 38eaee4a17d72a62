using System.Collections.Immutable;
using Aspire.Dashboard.Components.Topology;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Aspire.Dashboard.Components.Pages;

public sealed partial class Topology : IAsyncDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<string, StateView> _states = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableArray<ResourcePropertySnapshot> _read = [];
    private TopologyDocument? _document;
    private string? _problem;
    private IReadOnlyList<LiveFlow> _flows = [];
    private Overlay? _drawn;
    private ElementReference _figure;
    private IJSObjectReference? _module;
    private IJSObjectReference? _picture;
    private Task _following = Task.CompletedTask;

    [SupplyParameterFromQuery]
    private string? Flow { get; set; }

    [SupplyParameterFromQuery]
    private string? Part { get; set; }

    [Inject]
    private DistributedApplicationModel Model { get; set; } = null!;

    [Inject]
    private ResourceNotificationService Notifications { get; set; } = null!;

    [Inject]
    private TelemetryStore Telemetry { get; set; } = null!;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    private string Waiting => Model.Resources.Any(r => Notifications.SnapshotOf(r).ResourceType == "Topology")
        ? "The topology is drawn once the application is up."
        : "No resource of the application hands over a topology.";

    private string Summary
    {
        get
        {
            var failing = _flows.Where(f => f.Activity == FlowActivity.Failing).ToList();
            return failing.Count == 0
                ? "No measured flow fails."
                : $"{failing.Count} of {_flows.Count} flows fail: {string.Join("; ", failing.Select(f => $"{_document!.TitleOf(f.Flow.Source)} → {_document.TitleOf(f.Flow.Target)} ({f.Problem})"))}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following;
        _ending.Dispose();
        try
        {
            if (_picture is not null)
            {
                await _picture.InvokeVoidAsync("dispose");
                await _picture.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the picture with it.
        }
    }

    protected override void OnParametersSet() => Read();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Not while prerendering: nobody would see the changes, and nobody would end the task.
        if (firstRender)
        {
            _following = FollowAsync();
        }

        await DrawAsync();
    }

    private static string FlowAddress(string flow) => $"topology?flow={Uri.EscapeDataString(flow)}";

    private static string PartAddress(string part) => $"topology?part={Uri.EscapeDataString(part)}";

    private async Task FollowAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                Read();
                StateHasChanged();
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Nobody awaits this task before the page is left: the page's error boundary shows what happened.
            await DispatchExceptionAsync(error);
        }
    }

    private void Read()
    {
        var (name, properties) = Model.Resources.Select(r => (r.Name, Properties: TopologyDocument.PropertiesOf(Notifications.SnapshotOf(r)))).FirstOrDefault(r => !r.Properties.IsDefaultOrEmpty);
        if (!properties.IsDefaultOrEmpty && properties != _read)
        {
            _read = properties;
            try
            {
                (_document, _problem) = (TopologyDocument.Read(properties), null);
            }
            catch (FormatException error)
            {
                (_document, _problem) = (null, $"The topology of {name} is not shown. {error.Message}");
            }
        }

        _states.Clear();
        foreach (var view in ResourceReader.Read(Model, Notifications))
        {
            _states[view.Name] = view.State;
        }

        _flows = _document is null ? [] : LiveFlow.Match(_document.Flows, Telemetry.GetTraffic(Window), StateOf);
    }

    private StateView? StateOf(string resource) => _states.GetValueOrDefault(resource);

    /// <summary>Puts what happens onto the picture, if it has changed.</summary>
    private async Task DrawAsync()
    {
        if (_document is not { } document)
        {
            return;
        }

        var overlay = new Overlay(
            [.. _flows.Select(f => new FlowOverlay(f.Flow.Id, f.CssClass, f.Label, f.Sentence, f.Flow.Id == Flow))],
            [.. document.Parts.Where(p => p.Resource is not null).Select(p => PartOverlay.Of(p, StateOf(p.Resource!)))],
            document.Svg);
        if (overlay.Equals(_drawn))
        {
            return;
        }

        _drawn = overlay;
        try
        {
            if (_picture is null)
            {
                _module = await Js.InvokeAsync<IJSObjectReference>("import", _ending.Token, "./js/topology.js");
                _picture = await _module.InvokeAsync<IJSObjectReference>("attach", _ending.Token, _figure);
            }

            await _picture.InvokeVoidAsync("show", _ending.Token, overlay.Flows, overlay.Parts);
        }
        catch (Exception error) when (error is JSDisconnectedException || (error is OperationCanceledException && _ending.IsCancellationRequested))
        {
            // The page was left.
        }
    }

    /// <summary>What the script puts onto an arrow.</summary>
    private sealed record FlowOverlay(string Id, string State, string Label, string Sentence, bool Selected);

    /// <summary>What the script puts onto a part.</summary>
    private sealed record PartOverlay(string Id, bool IsUp, string Label)
    {
        public static PartOverlay Of(PartEntry part, StateView? state) => new(part.Id, state is { Kind: StateKind.Success or StateKind.Progress }, state switch
        {
            null => "✗ absent",
            { Kind: StateKind.Success } => "● running",
            { Kind: StateKind.Progress } => $"○ {state.Text}",
            _ => $"✗ {state.Text}",
        });
    }

    private sealed record Overlay(ImmutableArray<FlowOverlay> Flows, ImmutableArray<PartOverlay> Parts, string Svg)
    {
        public bool Equals(Overlay? other) => other is not null && Flows.SequenceEqual(other.Flows) && Parts.SequenceEqual(other.Parts) && Svg == other.Svg;

        public override int GetHashCode() => HashCode.Combine(Flows.Length, Parts.Length, Svg);
    }
}
