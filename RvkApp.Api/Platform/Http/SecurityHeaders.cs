namespace RvkApp.Api.Platform.Http;

/// <summary>Headers that keep browsers and caches from doing more with an answer than the client asked for.</summary>
internal static class SecurityHeaders
{
    // The reference is somebody else's script, and people type their tokens into it: it may talk to this origin and to nobody else.
    private const string ReferencePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        + "frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        var isReference = context.Request.Path.StartsWithSegments("/api-docs");
        if (isReference)
        {
            headers.ContentSecurityPolicy = ReferencePolicy;
        }

        // Answers carry personal data and tokens. The pages of the API reference are the same for everyone.
        if (!isReference && !context.Request.Path.StartsWithSegments("/openapi"))
        {
            headers.CacheControl = "no-store";
        }

        return next(context);
    });
}
