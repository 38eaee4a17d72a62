using Aspire.Dashboard.Display;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components.Pages;

/// <summary>One trace as a waterfall.</summary>
public sealed partial class TraceDetail
{
    private readonly List<string> _notes = [];
    private TraceId? _id;
    private Waterfall? _view;
    private int _logs;

    /// <summary>The trace id in hexadecimal digits.</summary>
    [Parameter]
    public string? TraceId { get; set; }

    [SupplyParameterFromQuery]
    private string? Span { get; set; }

    private protected override TelemetryKind Kinds => TelemetryKind.Traces | TelemetryKind.Logs;

    private string? Selected => SpanId.TryParse(Span, out _) ? Span : null;

    private protected override void Load()
    {
        _id = Telemetry.TraceId.TryParse(TraceId, out var id) && !id.IsEmpty ? id : null;
        if (IsPaused && _view is not null && _view.Trace.TraceId == _id)
        {
            return;
        }

        var trace = _id is null ? null : Store.GetTrace(_id.Value);
        if (trace is null)
        {
            _view = null;
            return;
        }

        _logs = Store.GetLogs(new LogQuery { TraceId = id }, 0, 1).Total;
        if (_view is not null && _view.Trace.TraceId == id && _view.Rows.Count == trace.Spans.Count)
        {
            return;
        }

        var peers = new PeerResolver(Model, Store.Time);
        _view = Waterfall.Create(trace, span => SpanText.Peer(span, peers));
        _notes.Clear();
        if (_view.Rows.Count(row => row.IsOrphan) is > 0 and var orphans)
        {
            _notes.Add($"Spans whose parent is not here: {orphans:#,0}. It has not ended or not arrived yet, was dropped, or belongs to a program that sends no telemetry.");
        }

        if (_view.Rows.Count(row => row.IsSkewed) is > 0 and var skewed)
        {
            _notes.Add($"Spans that begin before their parent: {skewed:#,0}. The clocks of the machines differ.");
        }
    }

    private void Select(string? span) => Go(new Dictionary<string, object?> { ["span"] = span });
}
