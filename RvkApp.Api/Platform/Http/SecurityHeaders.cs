namespace RvkApp.Api.Platform.Http;

/// <summary>Headers that keep browsers and caches from doing more with an answer than the client asked for.</summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // Answers carry personal data and tokens. The pages of the API reference are the same for everyone.
        if (!context.Request.Path.StartsWithSegments("/api-docs") && !context.Request.Path.StartsWithSegments("/openapi"))
        {
            headers.CacheControl = "no-store";
        }

        return next(context);
    });
}
