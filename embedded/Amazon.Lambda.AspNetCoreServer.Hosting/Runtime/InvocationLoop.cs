using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Formats;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;
using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>Next, handle, respond, and again. All objects that an invocation needs are made once: there is one invocation at a time.</summary>
internal sealed partial class InvocationLoop<TContext> : IDisposable
    where TContext : notnull
{
    /// <summary>The largest response in bytes that Lambda passes on (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB).</summary>
    public const int MaximumResponseBytes = 6_291_556;

    private const string TraceParent = "traceparent";

    private readonly RuntimeApiClient _client;
    private readonly IHttpApplication<TContext> _application;
    private readonly HostingOptions _options;
    private readonly ILambdaSerializer? _serializer;
    private readonly ILogger _logger;
    private readonly IEventFormat _format;
    private readonly PooledBuffer _event = new(16 * 1024);
    private readonly PooledBuffer _output = new(16 * 1024);
    private readonly InvocationRequest _request = new();
    private readonly InvocationResponse _response = new();
    private readonly ResponseBody _body;
    private readonly InvocationLifetime _lifetime = new();
    private readonly InvocationFeatures<TContext> _features;
    private readonly ResponseWriter _writer;

    public InvocationLoop(RuntimeApiClient client, IHttpApplication<TContext> application, HostingOptions options, ILambdaSerializer? serializer, ILogger logger)
    {
        _client = client;
        _application = application;
        _options = options;
        _serializer = serializer;
        _logger = logger;
        _body = new ResponseBody(_response);
        _features = new InvocationFeatures<TContext>(_request, _response, _body, _lifetime);
        _format = options.EventSource switch
        {
            LambdaEventSource.RestApi => new RestApiFormat(),
            LambdaEventSource.ApplicationLoadBalancer => new LoadBalancerFormat(logger),
            _ => new HttpApiFormat(),
        };
        _writer = new ResponseWriter(_format, options);
    }

    /// <summary>Runs until it is stopped, which it is only while it waits for an invocation.</summary>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be used any more.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Run(CancellationToken stopping)
    {
        while (true)
        {
            var invocation = _client.Next(_event, stopping);
            // An asynchronous method, so that what the application leaves in the thread's context ends with the invocation.
            var handling = HandleAsync(invocation);
            var error = handling.IsCompletedSuccessfully ? handling.Result : handling.AsTask().GetAwaiter().GetResult();
            if (error is null)
            {
                _client.Respond(invocation.RequestId, _output);
            }
            else
            {
                _client.Fail(invocation.RequestId, error);
            }

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

    /// <summary>Has the application handle an invocation; the answer is in the output then.</summary>
    /// <returns>Why there is no answer; null when there is one.</returns>
    private async ValueTask<FunctionError?> HandleAsync(Invocation invocation)
    {
        LambdaTraceProvider.SetCurrentTraceId(invocation.TraceId);
        _request.Objects?.End();
        _features.Reset();
        _request.Reset();
        _response.Reset();
        _body.Reset();
        _output.Reset();
        try
        {
            _format.ReadRequest(_event.WrittenSpan, _request);
        }
        catch (JsonException exception)
        {
            LogBadEvent(invocation.RequestId, exception.Message);
            return FunctionError.From(exception) with { StackTrace = null };
        }

        _request.IsHead = HttpMethods.IsHead(_request.Method);
        _request.TraceIdentifier = _request.ConnectionId = invocation.RequestId;
        _request.Objects = new InvocationObjects(invocation, _event, _format, _serializer, _logger);
        _lifetime.Begin(invocation.Deadline);
        try
        {
            CompleteRequest();
            await ProcessAsync(invocation, CreateContext(invocation)).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Not the application's handling of a request, but what surrounds it: callbacks of the options, the factory of contexts.
            LogFailed(exception, invocation.RequestId, _request.Method, _request.Path);
            return FunctionError.From(exception);
        }

        if (_output.Length <= MaximumResponseBytes)
        {
            return null;
        }

        LogTooLarge(invocation.RequestId, _request.Method, _request.Path, _output.Length, MaximumResponseBytes);
        return new FunctionError(
            "Function.ResponseSizeTooLarge",
            $"Response payload size ({_output.Length} bytes) exceeded maximum allowed payload size ({MaximumResponseBytes} bytes).",
            StackTrace: null);
    }

    // The callbacks get the event, which therefore is made only for them.
    private void CompleteRequest()
    {
        var objects = _request.Objects!;
        _options.PostMarshallHttpAuthenticationFeature?.Invoke(_request, objects.Request, objects.Context);
        _options.PostMarshallRequestFeature?.Invoke(_request, objects.Request, objects.Context);
        _options.PostMarshallConnectionFeature?.Invoke(_request, objects.Request, objects.Context);
        if (_request.ClientCertificatePem is not null || _options.PostMarshallTlsConnectionFeature is not null)
        {
            ITlsConnectionFeature tls = new ClientCertificate(_request.ClientCertificatePem);
            _features.Set(tls);
            _options.PostMarshallTlsConnectionFeature?.Invoke(tls, objects.Request, objects.Context);
        }

        _options.PostMarshallItemsFeature?.Invoke(_request, objects.Request, objects.Context);
    }

    // A new context has the request's Activity, whose parent comes from the client, or else from Lambda's trace; where both are of one trace, Lambda's is
    // nearer: the invocation, which is part of what the client does. The header is for whoever makes the Activity, not for the application.
    private TContext CreateContext(Invocation invocation)
    {
        var headers = _request.Headers;
        var client = headers.TraceParent;
        if (TraceHeader.ToTraceParent(invocation.TraceId) is not { } parent || (client.Count > 0 && !TraceHeader.IsSameTrace(client, parent)))
        {
            return _application.CreateContext(_features);
        }

        headers.TraceParent = parent;
        try
        {
            return _application.CreateContext(_features);
        }
        finally
        {
            if (client.Count > 0)
            {
                headers.TraceParent = client;
            }
            else
            {
                headers.Remove(TraceParent);
            }
        }
    }

    private async ValueTask ProcessAsync(Invocation invocation, TContext context)
    {
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

        try
        {
            _writer.Write(_request, _response, _body.Buffer.WrittenSpan, _output);
            if (_options.PostMarshallResponseFeature is { } change)
            {
                _writer.Change(_output, response => change(_response, response, _request.Objects!.Context));
            }
        }
        finally
        {
            await CompleteAsync(invocation, context, failure).ConfigureAwait(false);
        }
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
        if (_options.IncludeUnhandledExceptionDetailInResponse)
        {
            _response.Headers["ErrorType"] = failure.GetType().Name;
            _response.Headers.ContentType = "text/plain; charset=utf-8";
            var text = failure.ToString();
            _body.Advance(System.Text.Encoding.UTF8.GetBytes(text, _body.GetSpan(System.Text.Encoding.UTF8.GetMaxByteCount(text.Length))));
        }
    }

    // Before the answer is out: Lambda may freeze the process as soon as it has it, and what is done here (scoped services disposed of, the
    // Activity ended, telemetry sent) would wait for the next invocation, or for ever.
    private async ValueTask CompleteAsync(Invocation invocation, TContext context, Exception? failure)
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

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId} is refused: {Reason}")]
    private partial void LogBadEvent(string requestId, string reason);

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: not done by the function's timeout, answered with 504. Raise the timeout, or see what it waited for")]
    private partial void LogTimeout(string requestId, string method, string path);

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: the application threw an exception, answered with 500")]
    private partial void LogUnhandled(Exception exception, string requestId, string method, string path);

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: the response has {Bytes} bytes as Lambda returns it, more than the {Maximum} that Lambda allows; answer with less, for example a page at a time")]
    private partial void LogTooLarge(string requestId, string method, string path, int bytes, int maximum);

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId}: something registered for the end of the response failed")]
    private partial void LogCompletionFailed(Exception exception, string requestId);

    [LoggerMessage(Level = Microsoft.Extensions.Logging.LogLevel.Error, Message = "Invocation {RequestId}, {Method} {Path}: the invocation failed outside of the application's handling of the request")]
    private partial void LogFailed(Exception exception, string requestId, string method, string path);
}
