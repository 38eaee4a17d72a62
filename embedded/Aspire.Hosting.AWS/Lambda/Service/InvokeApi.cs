using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>
/// Lambda's Invoke API (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html), for the AWS SDKs and <c>aws lambda invoke --endpoint-url</c>. Signatures are not checked: whoever
/// can connect to this machine's loopback interface may invoke.
/// </summary>
internal sealed class InvokeApi(LambdaService service)
{
    public const string PathPrefix = "/2015-03-31/functions/";

    // What the pipe from the function still holds when its answer comes arrives in this time.
    private static readonly TimeSpan OutputDelay = TimeSpan.FromMilliseconds(25);

    public async Task HandleAsync(HttpContext context, string path)
    {
        var rest = path.AsSpan(PathPrefix.Length);
        var end = rest.LastIndexOf('/');
        if (end <= 0 || rest[(end + 1)..] is not "invocations")
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "UnknownOperationException", "Only Invoke of Lambda's API is emulated.").ConfigureAwait(false);
            return;
        }

        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await FailAsync(context, StatusCodes.Status405MethodNotAllowed, "UnknownOperationException", "Invoke is a POST.").ConfigureAwait(false);
            return;
        }

        var given = rest[..end].ToString();
        var (name, qualifier) = Parse(given, context.Request.Query["Qualifier"]);
        if (service.Find(name) is not { } function || qualifier is not (null or "$LATEST"))
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "ResourceNotFoundException", $"Function not found: {Arn(name, qualifier)}").ConfigureAwait(false);
            return;
        }

        await InvokeAsync(context, function).ConfigureAwait(false);
    }

    private async Task InvokeAsync(HttpContext context, LambdaFunction function)
    {
        var type = Header(context, "X-Amz-Invocation-Type") ?? "RequestResponse";
        if (type is not ("RequestResponse" or "Event" or "DryRun"))
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "InvalidParameterValueException", $"'{type}' is no invocation type: use RequestResponse, Event or DryRun.").ConfigureAwait(false);
            return;
        }

        string? clientContext = null;
        if (Header(context, "X-Amz-Client-Context") is { } encoded && (clientContext = DecodeClientContext(encoded)) is null)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.").ConfigureAwait(false);
            return;
        }

        var limit = type == "Event" ? function.Settings.MaxEventBytes : function.Settings.MaxRequestBytes;
        var (body, length) = await LambdaHttp.ReadAsync(context, limit).ConfigureAwait(false);
        if (length > limit)
        {
            body.Dispose();
            await FailAsync(context, StatusCodes.Status413PayloadTooLarge, "RequestTooLargeException",
                FormattableString.Invariant($"{length} byte payload is too large for the {type} invocation type (limit {limit} bytes)")).ConfigureAwait(false);
            return;
        }

        if (body.Length == 0)
        {
            // As Lambda does.
            "{}"u8.CopyTo(body.GetSpan(2));
            body.Advance(2);
        }
        else if (!LambdaHttp.IsJson(body.Span, out var reason))
        {
            body.Dispose();
            await FailAsync(context, StatusCodes.Status400BadRequest, "InvalidRequestContentException", $"Could not parse request body into json: {reason}").ConfigureAwait(false);
            return;
        }

        var request = new InvokeRequest(body) { ClientContext = clientContext, TraceId = Header(context, "X-Amzn-Trace-Id"), Parent = ParentOf(context) };
        switch (type)
        {
            case "DryRun":
                body.Dispose();
                Identify(context, Guid.NewGuid().ToString());
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "Event":
                await AcceptAsync(context, function, request).ConfigureAwait(false);
                break;
            default:
                await RespondAsync(context, function, request).ConfigureAwait(false);
                break;
        }
    }

    private async Task AcceptAsync(HttpContext context, LambdaFunction function, InvokeRequest request)
    {
        if (!service.Events.TryAdd(function, request))
        {
            request.Payload.Dispose();
            await FailAsync(context, StatusCodes.Status429TooManyRequests, "TooManyRequestsException", "Rate Exceeded.").ConfigureAwait(false);
            return;
        }

        Identify(context, Guid.NewGuid().ToString());
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentLength = 0;
    }

    private async Task RespondAsync(HttpContext context, LambdaFunction function, InvokeRequest request)
    {
        var tail = Header(context, "X-Amz-Log-Type") == "Tail" ? new LogTail() : null;
        using var result = await service.InvokeAsync(function.Name, request, tail, request.Payload.Length, context.RequestAborted).ConfigureAwait(false);
        if (result.Payload is not { } payload)
        {
            var (status, type) = Describe(result.Status);
            await FailAsync(context, status, type, result.Message ?? "", result.RequestId).ConfigureAwait(false);
            return;
        }

        var headers = context.Response.Headers;
        Identify(context, result.RequestId);
        headers["X-Amz-Executed-Version"] = "$LATEST";
        if (result.Status == InvokeStatus.FunctionError)
        {
            headers["X-Amz-Function-Error"] = "Unhandled";
        }

        if (tail is not null)
        {
            await Task.Delay(OutputDelay, context.RequestAborted).ConfigureAwait(false);
            headers["X-Amz-Log-Result"] = tail.ToBase64();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = payload.Length;
        await context.Response.Body.WriteAsync(payload.Memory, context.RequestAborted).ConfigureAwait(false);
    }

    private static (int Status, string Type) Describe(InvokeStatus status) => status switch
    {
        InvokeStatus.Throttled => (StatusCodes.Status429TooManyRequests, "TooManyRequestsException"),
        InvokeStatus.RequestTooLarge => (StatusCodes.Status413PayloadTooLarge, "RequestTooLargeException"),
        InvokeStatus.FunctionNotFound => (StatusCodes.Status404NotFound, "ResourceNotFoundException"),
        _ => (StatusCodes.Status500InternalServerError, "ServiceException"),
    };

    /// <summary>A name, <c>account:name</c>, <c>arn:aws:lambda:region:account:function:name</c>, each with <c>:qualifier</c> or without.</summary>
    private static (string Name, string? Qualifier) Parse(string given, string? qualifier)
    {
        var parts = Uri.UnescapeDataString(given).Split(':');
        return parts switch
        {
            ["arn", _, "lambda", _, _, "function", var name] => (name, qualifier),
            ["arn", _, "lambda", _, _, "function", var name, var own] => (name, own),
            [_, "function", var name] => (name, qualifier),
            [_, "function", var name, var own] => (name, own),
            [var name, var own] => (name, own),
            _ => (given, qualifier),
        };
    }

    private static string Arn(string name, string? qualifier) => LambdaNames.Arn(LambdaNames.DefaultRegion, name) + (qualifier is null ? "" : $":{qualifier}");

    private static string? DecodeClientContext(string encoded)
    {
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) && LambdaHttp.IsJson(bytes.AsSpan(0, length), out _) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static ActivityContext ParentOf(HttpContext context)
        => ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out var parent) ? parent : default;

    private static string? Header(HttpContext context, string name) => context.Request.Headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value, ..] ? value : null;

    private static void Identify(HttpContext context, string requestId) => context.Response.Headers["x-amzn-RequestId"] = requestId;

    private static Task FailAsync(HttpContext context, int status, string type, string message, string? requestId = null)
    {
        Identify(context, requestId ?? Guid.NewGuid().ToString());
        context.Response.Headers["x-amzn-ErrorType"] = type;
        var body = new Payload(256);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("Type"u8, status < 500 ? "User" : "Service");
            // The SDKs' models disagree about the case of this one.
            json.WriteString(type is "RequestTooLargeException" or "TooManyRequestsException" or "InvalidRequestContentException" or "InvalidParameterValueException" ? "message"u8 : "Message"u8, message);
            json.WriteEndObject();
        }

        return LambdaHttp.WriteAsync(context, status, body);
    }
}
