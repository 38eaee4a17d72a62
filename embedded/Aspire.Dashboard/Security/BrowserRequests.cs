using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Dashboard.Security;

/// <summary>
/// What a browser may send and what it is told about the pages. A cookie with SameSite=Strict goes along with requests of every other port of
/// the same host, which is where the applications under development are: so requests say themselves where they come from.
/// </summary>
internal static class BrowserRequests
{
    // A script of our own files only; styles are also set by components, on elements. A page of another origin cannot show ours in a frame.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; " +
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Refuses, with 403, requests that pages of other origins make; a link to the dashboard may be anywhere.</summary>
    public static void UseOriginCheck(this IApplicationBuilder app) => app.Use(static async (context, next) =>
    {
        if (IsOwn(context.Request))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync("A page of another origin asked for this. Open the dashboard in a tab of its own.", context.RequestAborted);
    });

    /// <summary>Tells browsers what the pages may do.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // To the dashboard itself it is said: without it, browsers call the origin of its own form "null".
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return next(context);
    });

    /// <summary>Whether a request does not come from a page of another origin.</summary>
    public static bool IsOwn(HttpRequest request)
    {
        // Browsers send Origin with every request that could change something, and with every WebSocket. Other programs do not.
        if (request.Headers.Origin is [{ } origin] && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // Fetch Metadata: same-site is another port of this machine.
        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            || (HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document");
    }
}
