using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace RvkApp.Api.Platform.Http;

/// <summary>
/// Writes every error answer of the process: <c>{"title":"Not Found","status":404,"detail":"…","instance":"/students/…","traceId":"…"}</c>.
/// Unlike the framework's writer it does so whatever the client says it accepts; an error without a body helps nobody.
/// </summary>
internal sealed class ProblemWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public ValueTask WriteAsync(ProblemDetailsContext context) => new(WriteAsync(context.HttpContext, context.ProblemDetails));

    /// <summary>Completes what the problem does not say yet and writes it as the response's body.</summary>
    public static Task WriteAsync(HttpContext context, ProblemDetails problem)
    {
        var response = context.Response;
        problem.Status ??= response.StatusCode;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(problem.Status.Value);
        problem.Detail ??= DefaultDetail(problem.Status.Value, context.Request);
        problem.Instance ??= context.Request.PathBase.Add(context.Request.Path).ToUriComponent();
        problem.Extensions["traceId"] = TraceId(context);

        response.StatusCode = problem.Status.Value;
        if (problem.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var json = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = json.GetTypeInfo(problem is HttpValidationProblemDetails ? typeof(HttpValidationProblemDetails) : typeof(ProblemDetails));
        return response.WriteAsJsonAsync(problem, type, ProblemResult.ContentType, context.RequestAborted);
    }

    /// <summary>The id under which the log and the traces have this request.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;

    private static string DefaultDetail(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status400BadRequest => "The request is not understood.",
        StatusCodes.Status401Unauthorized => "This needs a valid bearer token; POST /auth/login gives one.",
        StatusCodes.Status403Forbidden => "The signed-in user may not do this.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => $"This address does not know the method {request.Method}; the header Allow lists those it knows.",
        StatusCodes.Status413PayloadTooLarge => "The request body is too large.",
        StatusCodes.Status415UnsupportedMediaType => "The request body has to be JSON, with the header Content-Type: application/json.",
        StatusCodes.Status503ServiceUnavailable => "The service cannot answer right now; try again.",
        >= 500 => "Something failed here. The log has the reason under this traceId.",
        _ => $"The request failed with status {status}.",
    };
}
