using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>Next, handle, respond, and again. All objects that an invocation needs are made once: there is one invocation at a time.</summary>
internal sealed partial class InvocationLoop<TContext> : IDisposable
    where TContext : notnull
{
    /// <summary>The largest response in bytes that Lambda passes on (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB).</summary>
    public const int MaximumResponseBytes = 6_291_556;

    // Where the X-Ray SDK and others look for the trace of the invocation at hand.
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly RuntimeApiClient _client;
    private readonly IHttpApplication<TContext> _application;
    private readonly HostingOptions _options;
    private readonly ILogger _logger;
    private readonly PooledBuffer _event = new(16 * 1024);
    private readonly PooledBuffer _output = new(16 * 1024);
    private readonly InvocationRequest _request = new();
    private readonly InvocationResponse _response = new();
    private readonly ResponseBody _body;
    private readonly InvocationLifetime _lifetime = new();
    private readonly InvocationFeatures<TContext> _features;
    private readonly HttpApiResponseWriter _writer;
    private bool _isHead;

    public InvocationLoop(RuntimeApiClient client, IHttpApplication<TContext> application, HostingOptions options, ILogger logger)
    {
        _client = client;
        _application = application;
        _options = options;
        _logger = logger;
        _body = new ResponseBody(_response);
        _features = new InvocationFeatures<TContext>(_request, _response, _body, _lifetime);
        _writer = new HttpApiResponseWriter(options);
    }

    /// <summary>Runs until it is stopped, which it is only while it waits for an invocation.</summary>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be used any more.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            var invocation = await _client.NextAsync(_event, stopping).ConfigureAwait(false);
            await HandleAsync(invocation).ConfigureAwait(false);
            stopping.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        _event.Dispose();
        _output.Dispose();
        _request.Dispose();
        _body.Dispose();
        _lifetime.Dispose();
        _writer.Dispose();
    }

    private async Task HandleAsync(Invocation invocation)
    {
        Environment.SetEnvironmentVariable(TraceVariable, invocation.TraceId);
        _features.Reset();
        _request.Reset();
        _response.Reset();
        _body.Reset();

        try
        {
            HttpApiRequestReader.Read(_event.Written.Span, _request);
        }
        catch (JsonException exception)
        {
            LogBadEvent(invocation.RequestId, exception.Message);
            await _client.FailAsync(invocation.RequestId, FunctionError.From(exception) with { StackTrace = null }, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        // Kept aside: the application may change what it sees as the method.
        _isHead = HttpMethods.IsHead(_request.Method);
        _request.TraceIdentifier = _request.ConnectionId = invocation.RequestId;
        _lifetime.Begin(invocation.Deadline);
        await ProcessAsync(invocation).ConfigureAwait(false);
    }

    private async Task ProcessAsync(Invocation invocation)
    {
        var context = _application.CreateContext(_features);
        Exception? failure = null;
        try
        {
            await _application.ProcessRequestAsync(context).ConfigureAwait(false);
            await _response.StartAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (_lifetime.IsAborted)
        {
            AnswerTimeout(invocation);
        }
        else if (failure is not null)
        {
            AnswerFailure(invocation, failure);
        }

        await RespondAsync(invocation).ConfigureAwait(false);
        await CompleteAsync(invocation, context, failure).ConfigureAwait(false);
    }

    private void AnswerTimeout(Invocation invocation)
    {
        LogTimeout(invocation.RequestId, _request.Method, _request.Path);
        _body.Reset();
        _response.Replace(StatusCodes.Status504GatewayTimeout);
    }

    // What an exception says is for the log, unless the application asks for more.
    private void AnswerFailure(Invocation invocation, Exception failure)
    {
        LogUnhandled(failure, invocation.RequestId, _request.Method, _request.Path);
        _body.Reset();
        _response.Replace(StatusCodes.Status500InternalServerError);
        _response.Headers["ErrorType"] = failure.GetType().Name;
        if (_options.IncludeUnhandledExceptionDetailInResponse)
        {
            _response.Headers.ContentType = "text/plain; charset=utf-8";
            var text = failure.ToString();
            _body.Advance(System.Text.Encoding.UTF8.GetBytes(text, _body.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length))));
        }
    }

    private async Task RespondAsync(Invocation invocation)
    {
        _output.Reset();
        _writer.Write(_response, _body.Buffer.Written.Span, _isHead, _output);
        if (_output.Length <= MaximumResponseBytes)
        {
            await _client.RespondAsync(invocation.RequestId, _output, CancellationToken.None).ConfigureAwait(false);
            return;
        }

        LogTooLarge(invocation.RequestId, _request.Method, _request.Path, _output.Length, MaximumResponseBytes);
        var error = new FunctionError(
            "Function.ResponseSizeTooLarge",
            $"Response payload size ({_output.Length} bytes) exceeded maximum allowed payload size ({MaximumResponseBytes} bytes).",
            StackTrace: null);
        await _client.FailAsync(invocation.RequestId, error, CancellationToken.None).ConfigureAwait(false);
    }

    // After the answer is out: nobody waits for this. Lambda freezes the process only when it asks for the next invocation.
    private async Task CompleteAsync(Invocation invocation, TContext context, Exception? failure)
    {
        try
        {
            await _response.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogCompletionFailed(exception, invocation.RequestId);
        }

        _application.DisposeContext(context, failure);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Invocation {RequestId} is refused: {Reason}")]
    private partial void LogBadEvent(string requestId, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: not done by the function's timeout, answered with 504. Raise the timeout, or see what it waited for")]
    private partial void LogTimeout(string requestId, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: the application threw an exception, answered with 500")]
    private partial void LogUnhandled(Exception exception, string requestId, string method, string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: the response has {Bytes} bytes as Lambda returns it, more than the {Maximum} that Lambda allows; answer with less, for example a page at a time")]
    private partial void LogTooLarge(string requestId, string method, string path, int bytes, int maximum);

    [LoggerMessage(Level = LogLevel.Error, Message = "Invocation {RequestId}: something registered for the end of the response failed")]
    private partial void LogCompletionFailed(Exception exception, string requestId);
}
