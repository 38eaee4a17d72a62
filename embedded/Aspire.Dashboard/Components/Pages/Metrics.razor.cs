using System.Globalization;
using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Pages;

/// <summary>The instruments of a resource, and one of them over time.</summary>
public sealed partial class Metrics
{
    private const int MostExemplars = 50;

    private MetricsState _state = MetricsState.Parse(null, null, null, null, null, null);
    private IReadOnlyList<string> _resources = [];
    private IReadOnlyList<Instrument> _instruments = [];
    private MetricSeries? _series;
    private MetricChartLayout? _chart;
    private DateTime? _pausedUtc;

    [SupplyParameterFromQuery]
    private string? Resource { get; set; }

    [SupplyParameterFromQuery]
    private string? Meter { get; set; }

    [SupplyParameterFromQuery]
    private string? Instrument { get; set; }

    [SupplyParameterFromQuery]
    private int? Duration { get; set; }

    [SupplyParameterFromQuery]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "dim")]
    private string[]? Dimensions { get; set; }

    private protected override TelemetryKind Kinds => TelemetryKind.Metrics | TelemetryKind.Resources;

    // Time goes on also when nothing arrives.
    private protected override TimeSpan? Period => TimeSpan.FromSeconds(1);

    private protected override void Load()
    {
        _state = MetricsState.Parse(Resource, Meter, Instrument, Duration, View, Dimensions);
        _resources = [.. ResourceNames().Where(name => name == _state.Resource || Store.GetInstruments(name).Count > 0)];
        if (_state.Resource is null && _resources is [var first, ..])
        {
            _state = _state with { Resource = first };
        }

        _instruments = _state.Resource is { } resource ? Store.GetInstruments(resource) : [];
        // An address that names no meter means the first that has such an instrument.
        var shown = _instruments.FirstOrDefault(instrument => instrument.Name == _state.Instrument && (_state.Meter is null || instrument.Meter == _state.Meter));
        if (shown is null)
        {
            (_series, _chart) = (null, null);
            return;
        }

        var query = _state.ToQuery(shown, _pausedUtc ?? Store.Time.GetUtcNow().UtcDateTime);
        _series = Store.GetMetric(query);
        _chart = _series is null ? null : MetricChartLayout.Create(_series, query.FromUtc, query.ToUtc);
    }

    private protected override void SetPaused(bool paused)
    {
        _pausedUtc = paused ? Store.Time.GetUtcNow().UtcDateTime : null;
        base.SetPaused(paused);
    }

    private static string KindText(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Counter => "Counter, as its increase per second.",
        InstrumentKind.UpDownCounter => "Up-down counter, as its last value.",
        InstrumentKind.Gauge => "Gauge, as its last value.",
        _ => "Histogram, as percentiles of each step of time.",
    };

    private string Address(MetricsState state) => Navigation.GetUriWithQueryParameters(state.ToParameters());

    private string Address(Instrument instrument) =>
        Address(MetricsState.Parse(instrument.Resource, instrument.Meter, instrument.Name, _state.Minutes, _state.Table ? MetricsState.TableView : null, null));

    private void Show(MetricsState state) => Go(state.ToParameters());

    private void ChangeMinutes(ChangeEventArgs change)
    {
        if (int.TryParse(change.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes))
        {
            Show(_state with { Minutes = minutes });
        }
    }
}
