using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Aspire.Hosting.AWS.Lambda.Service;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>
/// An HTTP API, as what Kestrel serves: it works on Kestrel's features directly, without an <see cref="HttpContext"/> and the middleware that
/// an emulator does not need.
/// </summary>
/// <param name="options">The API's settings.</param>
/// <param name="routes">The API's routes.</param>
/// <param name="invoker">Calls the functions.</param>
/// <param name="accessLog">The access log.</param>
/// <param name="log">Gets what goes wrong in the emulator itself.</param>
/// <param name="telemetry">Records the requests; null when nobody collects that.</param>
internal sealed class GatewayApplication(ApiGatewayOptions options, IReadOnlyList<GatewayRoute> routes, ILambdaInvoker invoker, AccessLog accessLog, ILogger log, GatewayTelemetry? telemetry) : IHttpApplication<GatewayRequest>
{
    private readonly RouteTable _routes = new(routes);
    private readonly Throttle _throttle = new(options.Throttling, routes);
    private readonly EventWriter _events = new(options);
    private readonly ResponseWriter _responses = new(CorsPolicy.Create(options.Cors));

    /// <inheritdoc />
    public GatewayRequest CreateContext(IFeatureCollection contextFeatures)
    {
        GatewayRequest request;
        if (contextFeatures is IHostContextContainer<GatewayRequest> container)
        {
            request = container.HostContext ??= new GatewayRequest();
        }
        else
        {
            request = new GatewayRequest();
        }

        request.Begin(contextFeatures);
        return request;
    }

    /// <inheritdoc />
    public async Task ProcessRequestAsync(GatewayRequest context)
    {
        var span = telemetry?.Begin(context);
        try
        {
            if (await HandleAsync(context) is { } answer)
            {
                await ResponseWriter.WriteAsync(context, answer);
            }
        }
        catch (BadHttpRequestException exception)
        {
            // Found wrong while the body was read.
            await ResponseWriter.WriteAsync(context, GatewayAnswer.ForBadRequest(exception.StatusCode));
        }
        catch (Exception exception) when (exception is ConnectionResetException or ConnectionAbortedException || (exception is OperationCanceledException or IOException && HasLeft(context)))
        {
            // What was read from the client or written to it could not be: nobody is there any more.
            context.ClientLeft = true;
        }
        catch (Exception exception)
        {
            log.LogError(exception, "Request {Id} ({Method} {Target}) failed in the gateway itself.", context.Id, context.Http.Method, context.Http.RawTarget);
            await ResponseWriter.WriteAsync(context, GatewayAnswer.InternalServerError);
        }

        accessLog.Write(context);
        telemetry?.End(span, context);
    }

    /// <inheritdoc />
    public void DisposeContext(GatewayRequest context, Exception? exception)
    {
        if (context.Features is IHostContextContainer<GatewayRequest>)
        {
            // The next request on the connection or stream uses it again; the event is the function's now.
            context.Json.Reset(Stream.Null);
        }
        else
        {
            context.Dispose();
        }
    }

    // Null: the function's response was written.
    private async ValueTask<GatewayAnswer?> HandleAsync(GatewayRequest request)
    {
        if (Refuse(request) is { } refusal)
        {
            return refusal;
        }

        if (_responses.Cors is { } cors && CorsPolicy.IsPreflight(request.Http))
        {
            cors.AnswerPreflight(request.Http.Headers, request.Response.Headers);
            ResponseWriter.WriteEmpty(request, StatusCodes.Status204NoContent);
            return null;
        }

        if (MethodOf(request.Http.Method) is not { } method || _routes.Find(method, request.Path) is not { } route)
        {
            return GatewayAnswer.NotFound;
        }

        request.Route = route;
        if (!_throttle.Admits(route, request.StartedAt))
        {
            return GatewayAnswer.TooManyRequests;
        }

        var headers = request.Http.Headers;
        var traceId = TraceHeader.For(headers["X-Amzn-Trace-Id"], headers.TraceParent, request.Time);
        var payload = new Payload();
        var isOwned = true;
        try
        {
            if (!await _events.WriteAsync(request, traceId, payload))
            {
                return GatewayAnswer.RequestTooLarge;
            }

            isOwned = false;
        }
        finally
        {
            if (isOwned)
            {
                payload.Dispose();
            }
        }

        var span = telemetry is null ? null : Activity.Current;
        return await InvokeAsync(request, new InvokeRequest(payload)
        {
            TraceId = traceId,
            Parent = span?.Context ?? default,
            Trigger = FunctionTrigger.Http,
            IsProbe = telemetry is not null && GatewayTelemetry.IsProbe(request),
        });
    }

    private async ValueTask<GatewayAnswer?> InvokeAsync(GatewayRequest request, InvokeRequest invocation)
    {
        InvokeResult result;
        var started = Stopwatch.GetTimestamp();
        var end = request.Wait.Begin(options.IntegrationTimeout, request.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted);
        try
        {
            result = await invoker.InvokeAsync(request.Route!.Function, invocation, end);
        }
        catch (OperationCanceledException) when (!request.Wait.ClientLeft)
        {
            request.IntegrationError = "the function did not answer in time";
            request.HasTimedOut = true;
            return GatewayAnswer.ServiceUnavailable;
        }
        finally
        {
            request.Wait.End();
            request.IntegrationTicks = Stopwatch.GetTimestamp() - started;
        }

        using (result)
        {
            request.InvocationId = result.RequestId;
            request.InvocationStatus = StatusOf(result.Status);
            if (result.Status == InvokeStatus.Succeeded)
            {
                return await _responses.WriteAsync(request, result.Payload?.Memory ?? default);
            }

            request.IntegrationError = result.Message ?? (result.Payload is { } error ? Encoding.UTF8.GetString(error.Span[..Math.Min(error.Length, 1024)]) : result.Status.ToString());
            return result.Status switch
            {
                InvokeStatus.Throttled => GatewayAnswer.ServiceUnavailable,
                InvokeStatus.RequestTooLarge => GatewayAnswer.RequestTooLarge,
                _ => GatewayAnswer.InternalServerError,
            };
        }
    }

    private static bool HasLeft(GatewayRequest request) => request.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted.IsCancellationRequested;

    // What is wrong with the request line and the headers.
    private GatewayAnswer? Refuse(GatewayRequest request)
    {
        var http = request.Http;
        // As it is in HTTP/1.1: method, target and protocol with two spaces between them.
        var size = http.Method.Length + http.RawTarget.Length + "HTTP/1.1".Length + 2;
        if (size > options.MaxRequestHeaderBytes)
        {
            return GatewayAnswer.UriTooLong;
        }

        foreach (var (_, values) in http.Headers)
        {
            foreach (var value in values)
            {
                size += Encoding.UTF8.GetByteCount(value ?? "");
            }
        }

        if (size > options.MaxRequestHeaderBytes)
        {
            return GatewayAnswer.HeadersTooLarge;
        }

        request.HasPath = request.Path.TryRead(http.RawTarget, _routes.MaxSegments);
        return request.HasPath ? null : GatewayAnswer.BadRequest;
    }

    private static Method? MethodOf(string method) => method switch
    {
        "GET" => Method.Get,
        "POST" => Method.Post,
        "PUT" => Method.Put,
        "DELETE" => Method.Delete,
        "PATCH" => Method.Patch,
        "HEAD" => Method.Head,
        "OPTIONS" => Method.Options,
        _ => null,
    };

    private static int StatusOf(InvokeStatus status) => status switch
    {
        InvokeStatus.Throttled => 429,
        InvokeStatus.RequestTooLarge => 413,
        InvokeStatus.FunctionNotFound => 404,
        InvokeStatus.ServiceFailed => 500,
        _ => 200,
    };
}
