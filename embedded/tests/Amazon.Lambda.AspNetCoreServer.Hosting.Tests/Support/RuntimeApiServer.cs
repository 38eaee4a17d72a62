using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;

/// <summary>What a function answered to an invocation.</summary>
/// <param name="IsError">Whether it was posted to <c>error</c>, not to <c>response</c>.</param>
/// <param name="ErrorType">The header <c>Lambda-Runtime-Function-Error-Type</c>.</param>
/// <param name="Text">The body.</param>
internal sealed record InvocationResult(bool IsError, string? ErrorType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public int Status => Json["statusCode"]!.GetValue<int>();

    public string? Header(string name) => Json["headers"]?.AsObject().FirstOrDefault(header => string.Equals(header.Key, name, StringComparison.OrdinalIgnoreCase)).Value?.GetValue<string>();

    public string Body => Json["body"]?.GetValue<string>() is not { } body ? ""
        : Json["isBase64Encoded"]!.GetValue<bool>() ? Convert.ToBase64String(Convert.FromBase64String(body)) : body;
}

/// <summary>
/// The Lambda Runtime API (version 2018-06-01) over HTTP, for one execution environment: hands out one event at a time and takes what is posted.
/// </summary>
internal sealed class RuntimeApiServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly Channel<Invocation> _waiting = Channel.CreateUnbounded<Invocation>();
    private readonly ConcurrentDictionary<string, Invocation> _running = new();
    private readonly TaskCompletionSource<InvocationResult> _initializationError = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstNext = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RuntimeApiServer(WebApplication app) => _app = app;

    /// <summary>The value for <c>AWS_LAMBDA_RUNTIME_API</c>.</summary>
    public string Address => new Uri(_app.Urls.Single()).Authority;

    /// <summary>What the function posted when it could not start.</summary>
    public Task<InvocationResult> InitializationError => _initializationError.Task;

    /// <summary>Completes when the function asks for its first event: it has started.</summary>
    public Task Started => _firstNext.Task;

    /// <summary>Answers to give before the real ones, one a request: what a Runtime API in trouble says.</summary>
    public ConcurrentQueue<int> Troubles { get; } = new();

    /// <summary>How many requests for the next event there were.</summary>
    public int Nexts { get; private set; }

    /// <summary>The trace of every invocation; null for none.</summary>
    public string? TraceId { get; set; } = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0";

    /// <summary>Further headers of every invocation.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Is called when the answer to an invocation is here, before anybody is told.</summary>
    public Action? Answering { get; set; }

    public static async Task<RuntimeApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new RuntimeApiServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Has the function handle an event.</summary>
    /// <param name="json">The event.</param>
    /// <param name="timeout">The function's timeout; 30 s when null.</param>
    public Task<InvocationResult> InvokeAsync(string json, TimeSpan? timeout = null)
    {
        var invocation = new Invocation(Guid.NewGuid().ToString(), json, DateTimeOffset.UtcNow + (timeout ?? TimeSpan.FromSeconds(30)));
        _waiting.Writer.TryWrite(invocation);
        return invocation.Result.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (Troubles.TryDequeue(out var trouble))
        {
            context.Response.StatusCode = trouble;
            return;
        }

        switch ((context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["2018-06-01", "runtime", "invocation", "next"] when HttpMethods.IsGet(context.Request.Method):
                await NextAsync(context);
                break;
            case ["2018-06-01", "runtime", "invocation", var id, "response" or "error"] when HttpMethods.IsPost(context.Request.Method):
                Answering?.Invoke();
                context.Response.StatusCode = _running.TryRemove(id, out var invocation) && invocation.Result.TrySetResult(await ReadAsync(context))
                    ? StatusCodes.Status202Accepted
                    : StatusCodes.Status400BadRequest;
                break;
            case ["2018-06-01", "runtime", "init", "error"] when HttpMethods.IsPost(context.Request.Method):
                _initializationError.TrySetResult(await ReadAsync(context));
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task NextAsync(HttpContext context)
    {
        Nexts++;
        _firstNext.TrySetResult();
        Invocation invocation;
        try
        {
            invocation = await _waiting.Reader.ReadAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            return;
        }

        _running[invocation.Id] = invocation;
        context.Response.ContentType = "application/json";
        context.Response.Headers["Lambda-Runtime-Aws-Request-Id"] = invocation.Id;
        context.Response.Headers["Lambda-Runtime-Deadline-Ms"] = invocation.Deadline.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["Lambda-Runtime-Trace-Id"] = TraceId;
        context.Response.Headers["Lambda-Runtime-Invoked-Function-Arn"] = "arn:aws:lambda:us-east-2:123456789012:function:api";
        foreach (var (name, value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        await context.Response.WriteAsync(invocation.Event);
    }

    private static async Task<InvocationResult> ReadAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        return new InvocationResult(
            !context.Request.Path.Value!.EndsWith("/response", StringComparison.Ordinal),
            context.Request.Headers["Lambda-Runtime-Function-Error-Type"].SingleOrDefault(),
            await reader.ReadToEndAsync());
    }

    private sealed record Invocation(string Id, string Event, DateTimeOffset Deadline)
    {
        public TaskCompletionSource<InvocationResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
