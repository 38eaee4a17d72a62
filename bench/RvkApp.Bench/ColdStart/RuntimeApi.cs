using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RvkApp.Bench.ColdStart;

/// <summary>What a function answered to an event.</summary>
/// <param name="Path">Which resource of the Runtime API it was posted to; <c>…/response</c> when all went well.</param>
/// <param name="Text">The body, as posted.</param>
/// <param name="Asked">When the function asked for the event (<see cref="Stopwatch.GetTimestamp"/>): its initialization was over.</param>
/// <param name="Answered">When the last byte of the answer was here.</param>
internal sealed record FunctionAnswer(string Path, string Text, long Asked, long Answered);

/// <summary>
/// The Lambda Runtime API (2018-06-01) as a function under measurement needs it: hands out the event that waits, and takes what is posted. In the
/// process of the benchmark, so that the time between spawn and answer has no third process in it.
/// </summary>
internal sealed class RuntimeApi : IAsyncDisposable
{
    private const string Base = "/2018-06-01/runtime/";

    private readonly WebApplication _app;
    private readonly Channel<string> _events = Channel.CreateBounded<string>(1);
    private readonly Channel<FunctionAnswer> _answers = Channel.CreateBounded<FunctionAnswer>(1);

    private long _asked;

    private RuntimeApi(WebApplication app) => _app = app;

    /// <summary>The value for <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Address => new Uri(_app.Urls.Single()).Authority;

    public static async Task<RuntimeApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var api = new RuntimeApi(app);
        app.Run(api.HandleAsync);
        await app.StartAsync();
        return api;
    }

    /// <summary>Puts an event up for the function that asks next.</summary>
    public async Task OfferAsync(string json, CancellationToken cancellationToken) => await _events.Writer.WriteAsync(json, cancellationToken);

    /// <summary>What the function posts next.</summary>
    public async Task<FunctionAnswer> AnswerAsync(CancellationToken cancellationToken) => await _answers.Reader.ReadAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (path == Base + "invocation/next")
        {
            await NextAsync(context);
            return;
        }

        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        await _answers.Writer.WriteAsync(new FunctionAnswer(path, text, _asked, Stopwatch.GetTimestamp()), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task NextAsync(HttpContext context)
    {
        var asked = Stopwatch.GetTimestamp();
        string json;
        try
        {
            json = await _events.Reader.ReadAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return; // The function was stopped while it waited.
        }

        _asked = asked;
        var headers = context.Response.Headers;
        headers["Lambda-Runtime-Aws-Request-Id"] = Guid.NewGuid().ToString();
        headers["Lambda-Runtime-Deadline-Ms"] = DateTimeOffset.UtcNow.AddSeconds(30).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:us-east-2:123456789012:function:api";
        headers["Lambda-Runtime-Trace-Id"] = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";
        context.Response.ContentType = "application/json";
        var bytes = Encoding.UTF8.GetBytes(json);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
