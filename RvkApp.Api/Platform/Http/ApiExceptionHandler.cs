using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Platform.Http;

/// <summary>
/// Turns what escapes a handler into problem details. The exception's own text stays in the log, under the <c>traceId</c> that the client is given.
/// </summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    private const string DatabaseAway = "The database cannot be reached right now; try again.";

    private static readonly TimeSpan RetryUnavailableAfter = TimeSpan.FromSeconds(1);

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            return true;
        }

        var problem = Translate(httpContext, exception);
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            RetryAfter.Set(httpContext.Response, RetryUnavailableAfter);
        }

        await ProblemWriter.WriteAsync(httpContext, problem);
        return true;
    }

    private ProblemDetails Translate(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException bad:
                return BadRequest(bad);

            case ServiceBusyException:
                return Unavailable(exception.Message);

            case DatabaseUnavailableException:
                // The gate has logged the reason, once; during an outage this is every request.
                LogTurnedAway(context.Request.Method, context.Request.Path, ProblemWriter.TraceId(context), exception.Message);
                return Unavailable(DatabaseAway);

            case var _ when DatabaseErrors.IsUnavailable(exception):
                LogDatabaseFailed(context.Request.Method, context.Request.Path, ProblemWriter.TraceId(context), exception);
                return Unavailable(DatabaseAway);

            default:
                LogUnhandled(context.Request.Method, context.Request.Path, ProblemWriter.TraceId(context), exception);
                return new ProblemDetails { Status = StatusCodes.Status500InternalServerError };
        }
    }

    private static ProblemDetails Unavailable(string detail) => new() { Status = StatusCodes.Status503ServiceUnavailable, Detail = detail };

    // What the framework reports while it reads a request: a body that is too large, of another media type, missing or not JSON.
    private static ProblemDetails BadRequest(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return new ProblemDetails { Status = exception.StatusCode };
        }

        if (exception.InnerException is not JsonException json)
        {
            return new ProblemDetails
            {
                Status = exception.StatusCode,
                Detail = "The request cannot be read. If it has no body: this address needs one, as a JSON object.",
            };
        }

        // The reader's own errors are nested; the serializer's, about a value of the wrong type, are not.
        if (json.InnerException is JsonException || Field(json.Path) is not { } field)
        {
            return new ProblemDetails
            {
                Status = exception.StatusCode,
                Detail = $"The request body is not the JSON object that this address takes: see line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.",
            };
        }

        return new HttpValidationProblemDetails(new Dictionary<string, string[]> { [field] = ["The value has the wrong type."] })
        {
            Title = null,
            Status = exception.StatusCode,
            Detail = $"Not valid: {field}. Its value has the wrong type.",
        };
    }

    // "$.age" -> "age"; "$" (the whole body) -> null
    private static string? Field(string? path)
        => path is ['$', '.', .. var field] ? field : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: 503, trace {TraceId}. {Reason}")]
    private partial void LogTurnedAway(string method, PathString path, string traceId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path}: 503, trace {TraceId}. MongoDB did not answer")]
    private partial void LogDatabaseFailed(string method, PathString path, string traceId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed, trace {TraceId}")]
    private partial void LogUnhandled(string method, PathString path, string traceId, Exception exception);
}
