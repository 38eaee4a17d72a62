using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// The Runtime API, version 2018-06-01 (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), at <c>/FUNCTION/ENVIRONMENT</c> for the environments of the service and at
/// <c>/FUNCTION</c> for a process that someone else has started.
/// </summary>
internal sealed class RuntimeApi(LambdaService service)
{
    private const string Version = "2018-06-01";
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(1);
    private static readonly byte[] Accepted = "{\"status\":\"OK\"}"u8.ToArray();

    public Task HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").AsSpan(1);
        var name = Segment(ref path);
        var second = Segment(ref path);
        var isAttached = second.SequenceEqual(Version);
        if (!isAttached && !Segment(ref path).SequenceEqual(Version))
        {
            return NotFoundAsync(context);
        }

        if (service.Find(name.ToString()) is not { } function)
        {
            return LambdaHttp.RefuseAsync(context, StatusCodes.Status404NotFound, "ResourceNotFoundException", $"There is no function '{name}' that runs. Start its resource.");
        }

        var environment = isAttached ? null : service.FindEnvironment(second);
        if (!isAttached && environment?.Function != function)
        {
            return LambdaHttp.RefuseAsync(context, StatusCodes.Status403Forbidden, "InvalidStateTransition", "This execution environment is over.");
        }

        if (Segment(ref path) is not "runtime")
        {
            // The Extensions, Logs and Telemetry APIs.
            return LambdaHttp.RefuseAsync(context, StatusCodes.Status404NotFound, "NotEmulated", "Only the Runtime API is emulated, not the Extensions API, the Logs API or the Telemetry API.");
        }

        return Segment(ref path) switch
        {
            "invocation" when path is "next" => RequireAsync(context, HttpMethods.Get, () => NextAsync(context, function, environment)),
            "invocation" => AnswerAsync(context, function, environment, path),
            "init" when path is "error" => RequireAsync(context, HttpMethods.Post, () => FailInitAsync(context, function, environment)),
            _ => NotFoundAsync(context),
        };
    }

    private static async Task NextAsync(HttpContext context, LambdaFunction function, ExecutionEnvironment? environment)
    {
        environment ??= function.Attach();
        if (environment is null)
        {
            await LambdaHttp.RefuseAsync(context, StatusCodes.Status429TooManyRequests, "TooManyEnvironments", $"{function.Settings.MaxEnvironments} processes that are not the service's ask for events already.").ConfigureAwait(false);
            return;
        }

        var waiter = new TaskCompletionSource<LambdaInvocation?>();
        var (next, refusal) = function.Next(environment, waiter);
        if (next is null)
        {
            await RefuseTransitionAsync(context, refusal!, "Ready").ConfigureAwait(false);
            return;
        }

        LambdaInvocation? invocation;
        if (next.IsCompletedSuccessfully)
        {
            invocation = next.Result;
        }
        else
        {
            await using var leaving = context.RequestAborted.UnsafeRegister(static state =>
            {
                var (function, environment, waiter) = ((LambdaFunction, ExecutionEnvironment, TaskCompletionSource<LambdaInvocation?>))state!;
                function.Abandon(environment, waiter);
            }, (function, environment, waiter));
            invocation = await next.ConfigureAwait(false);
        }

        if (invocation is null)
        {
            context.Abort();
            return;
        }

        await WriteEventAsync(context, invocation).ConfigureAwait(false);
    }

    private static async Task WriteEventAsync(HttpContext context, LambdaInvocation invocation)
    {
        var response = context.Response;
        var headers = response.Headers;
        response.ContentType = "application/json";
        headers["Lambda-Runtime-Aws-Request-Id"] = invocation.RequestId;
        headers["Lambda-Runtime-Deadline-Ms"] = invocation.DeadlineUnixMilliseconds.ToString(CultureInfo.InvariantCulture);
        headers["Lambda-Runtime-Invoked-Function-Arn"] = invocation.FunctionArn;
        headers["Lambda-Runtime-Trace-Id"] = invocation.TraceId;
        if (invocation.Request.ClientContext is { } clientContext)
        {
            headers["Lambda-Runtime-Client-Context"] = clientContext;
        }

        using var payload = invocation.Request.Payload;
        response.ContentLength = payload.Length;
        await response.Body.WriteAsync(payload.Memory, CancellationToken.None).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext context, LambdaFunction function, ExecutionEnvironment? environment, ReadOnlySpan<char> path)
    {
        var requestId = Segment(ref path);
        var isError = path is "error";
        if (!isError && path is not "response")
        {
            return NotFoundAsync(context);
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            return MethodNotAllowedAsync(context);
        }

        environment ??= function.FindAttached(requestId);
        var (invocation, refusal) = environment is null ? (null, null) : function.Find(environment, requestId);
        if (invocation is null)
        {
            return refusal is null
                ? LambdaHttp.RefuseAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestID", "Invalid request ID")
                : RefuseTransitionAsync(context, refusal, isError ? "InvocationErrorResponse" : "InvocationResponse");
        }

        return AnswerAsync(context, function, environment!, invocation, isError);
    }

    private static async Task AnswerAsync(HttpContext context, LambdaFunction function, ExecutionEnvironment environment, LambdaInvocation invocation, bool isError)
    {
        var most = function.Settings.MaxResponseBytes;
        var (body, length) = await LambdaHttp.ReadAsync(context, most).ConfigureAwait(false);
        if (length > most)
        {
            body.Dispose();
            var error = InvocationError.ResponseTooLarge(length, most);
            function.Respond(environment, invocation, InvokeStatus.FunctionError, error.ToPayload(requestId: null), error);
            await LambdaHttp.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "RequestEntityTooLarge", FormattableString.Invariant($"Exceeded maximum allowed payload size ({most} bytes).")).ConfigureAwait(false);
            return;
        }

        if (invocation.Tail is not null && environment.Process is { } process)
        {
            // What it has logged comes before what the service logs about it, also for whoever asked for the log.
            await process.FlushOutputAsync(LogPatience).ConfigureAwait(false);
        }

        var failure = isError ? new InvocationError(ErrorType(context), "") : null;
        if (!function.Respond(environment, invocation, isError ? InvokeStatus.FunctionError : InvokeStatus.Succeeded, body, failure))
        {
            await RefuseTransitionAsync(context, "Responded", "InvocationResponse").ConfigureAwait(false);
            return;
        }

        await AcceptAsync(context).ConfigureAwait(false);
    }

    private static async Task FailInitAsync(HttpContext context, LambdaFunction function, ExecutionEnvironment? environment)
    {
        var (body, length) = await LambdaHttp.ReadAsync(context, function.Settings.MaxResponseBytes).ConfigureAwait(false);
        if (environment is null || length > function.Settings.MaxResponseBytes || !function.FailInit(environment, body))
        {
            body.Dispose();
            await RefuseTransitionAsync(context, environment?.State.ToString() ?? "Ready", "InitError").ConfigureAwait(false);
            return;
        }

        await AcceptAsync(context).ConfigureAwait(false);
    }

    private static Task AcceptAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Accepted.Length;
        return context.Response.Body.WriteAsync(Accepted, CancellationToken.None).AsTask();
    }

    private static string ErrorType(HttpContext context) => context.Request.Headers["Lambda-Runtime-Function-Error-Type"] is [{ Length: > 0 and < 256 } type, ..] ? type : "Runtime.Unknown";

    private static Task RefuseTransitionAsync(HttpContext context, string from, string to)
        => LambdaHttp.RefuseAsync(context, StatusCodes.Status403Forbidden, "InvalidStateTransition", $"Transition from {from} to {to} is not allowed.");

    private static Task RequireAsync(HttpContext context, string method, Func<Task> handle)
        => context.Request.Method == method ? handle() : MethodNotAllowedAsync(context);

    private static Task MethodNotAllowedAsync(HttpContext context)
        => LambdaHttp.RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", $"{context.Request.Method} is not a method of {context.Request.Path}.");

    private static Task NotFoundAsync(HttpContext context)
        => LambdaHttp.RefuseAsync(context, StatusCodes.Status404NotFound, "NotFound", $"There is no {context.Request.Path} in the Lambda Runtime API {Version}.");

    /// <summary>Takes the first segment off a path.</summary>
    private static ReadOnlySpan<char> Segment(ref ReadOnlySpan<char> path)
    {
        var end = path.IndexOf('/');
        var segment = end < 0 ? path : path[..end];
        path = end < 0 ? [] : path[(end + 1)..];
        return segment;
    }
}
