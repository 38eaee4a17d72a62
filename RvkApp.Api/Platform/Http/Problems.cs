using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Platform.Http;

/// <summary>
/// An error answer as problem details (RFC 9457). Each subclass is one status code, so that a handler's return type names every
/// answer it can give and the API description is derived from it.
/// </summary>
internal abstract class ProblemResult(int statusCode, string detail) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    public int? StatusCode => statusCode;

    public string Detail => detail;

    /// <summary>Messages by the field they are about, when the error is about fields.</summary>
    public IDictionary<string, string[]>? Errors { get; init; }

    public virtual Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = statusCode;
        var problem = Errors is null ? new ProblemDetails() : new HttpValidationProblemDetails(Errors) { Title = null };
        problem.Status = statusCode;
        problem.Detail = detail;
        return ProblemWriter.WriteAsync(httpContext, problem);
    }

    protected static void Describe(EndpointBuilder builder, int statusCode)
        => builder.Metadata.Add(new ProducesResponseTypeMetadata(statusCode, typeof(ProblemDetails), [ContentType]));
}

/// <summary>401: nobody is signed in, or the sign-in failed.</summary>
internal sealed class UnauthorizedProblem(string detail) : ProblemResult(StatusCodes.Status401Unauthorized, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status401Unauthorized);
}

/// <summary>403: somebody is signed in, who may not do this.</summary>
internal sealed class ForbiddenProblem(string detail) : ProblemResult(StatusCodes.Status403Forbidden, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status403Forbidden);
}

/// <summary>404: what the request is about does not exist; the detail names it.</summary>
internal sealed class NotFoundProblem(string detail) : ProblemResult(StatusCodes.Status404NotFound, detail), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status404NotFound);
}

/// <summary>409: a value that has to be unique is taken.</summary>
internal sealed class ConflictProblem(string detail) : ProblemResult(StatusCodes.Status409Conflict, detail), IEndpointMetadataProvider
{
    public static ConflictProblem From(DuplicateValueException duplicate) => new(duplicate.Message)
    {
        Errors = duplicate.Field is { } field ? new Dictionary<string, string[]> { [field] = ["Is taken."] } : null,
    };

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status409Conflict);
}

/// <summary>429: too many failed attempts; <c>Retry-After</c> says in how many seconds the next one is let in.</summary>
internal sealed class TooManyRequestsProblem(string detail, TimeSpan retryAfter)
    : ProblemResult(StatusCodes.Status429TooManyRequests, detail), IEndpointMetadataProvider
{
    public override Task ExecuteAsync(HttpContext httpContext)
    {
        RetryAfter.Set(httpContext.Response, retryAfter);
        return base.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status429TooManyRequests);
}
