using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests.Support;

/// <summary>Takes telemetry as an OTLP collector does, over HTTP (https://opentelemetry.io/docs/specs/otlp/#otlphttp).</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _exports = new();
    private readonly bool _hangs;
    private int _held;

    private OtlpReceiver(WebApplication app, bool hangs) => (_app, _hangs) = (app, hangs);

    public string Address => _app.Urls.Single();

    /// <summary>How many exports it holds without an answer while their sender still waits.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <param name="hangs">Whether it takes what is sent and never answers.</param>
    public static async Task<OtlpReceiver> StartAsync(bool hangs = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app, hangs);
        app.Run(receiver.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>The variables that send an application's telemetry here.</summary>
    public Dictionary<string, string?> Environment() => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
    };

    /// <summary>Whether something arrived at a path that has a text in it: protobuf has texts as UTF-8.</summary>
    public bool Has(string path, string text) => HasBytes(path, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Whether something arrived at a path that has these bytes in it, such as a trace's id.</summary>
    public bool HasBytes(string path, byte[] bytes) => _exports.Any(export => export.Path == path && export.Body.AsSpan().IndexOf(bytes) >= 0);

    /// <summary>The spans that have arrived.</summary>
    public IEnumerable<OtlpSpan> Spans => [.. _exports.Where(e => e.Path == "/v1/traces").SelectMany(e => OtlpDecoder.Spans(e.Body))];

    /// <summary>The log records that have arrived.</summary>
    public IEnumerable<OtlpLog> Logs => [.. _exports.Where(e => e.Path == "/v1/logs").SelectMany(e => OtlpDecoder.Logs(e.Body))];

    /// <summary>The points of all metrics that have arrived, in their order.</summary>
    public IEnumerable<OtlpPoint> Points => [.. _exports.Where(e => e.Path == "/v1/metrics").SelectMany(e => OtlpDecoder.Points(e.Body))];

    /// <summary>Waits until something has arrived.</summary>
    public async Task<T> WaitAsync<T>(Func<OtlpReceiver, T?> find) where T : class
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (find(this) is { } found)
            {
                return found;
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _exports.Enqueue((context.Request.Path.Value!, body.ToArray()));
        if (_hangs)
        {
            Interlocked.Increment(ref _held);
            await Task.WhenAny(_release.Task, Task.Delay(Timeout.Infinite, context.RequestAborted));
            Interlocked.Decrement(ref _held);
        }

        // An empty response message has no bytes.
        context.Response.ContentType = "application/x-protobuf";
    }
}
