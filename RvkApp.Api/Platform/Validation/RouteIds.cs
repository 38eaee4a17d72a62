using MongoDB.Bson;

namespace RvkApp.Api.Platform.Validation;

/// <summary>Ids in addresses and bodies: MongoDB ObjectIds as 24 hex digits.</summary>
internal static class RouteIds
{
    public const string Parameter = "id";
    public const string Pattern = "^[0-9a-fA-F]{24}$";
    public const string Message = "Must be 24 hex digits.";

    /// <summary>Answers 400 when the route's <c>id</c> is malformed, so that handlers may parse it without a check.</summary>
    public static TBuilder ValidateRouteId<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
        => builder.AddEndpointFilter(static (context, next) =>
            context.HttpContext.Request.RouteValues.TryGetValue(Parameter, out var id) && !IsValid(id as string)
                ? ValueTask.FromResult<object?>(new InvalidRequest(new Dictionary<string, string[]> { [Parameter] = [Message] }))
                : next(context));

    public static bool IsValid(string? text) => text is { Length: 24 } && ObjectId.TryParse(text, out _);
}
