namespace RvkApp.Api.Platform.Http;

/// <summary>Answers HEAD wherever GET is answered: the same status and headers, and no body (RFC 9110, section 9.3.2).</summary>
internal static class HeadRequests
{
    /// <summary>Comes before routing, which sees a GET. The server still knows that it was a HEAD and sends no body.</summary>
    public static IApplicationBuilder UseHeadAsGet(this IApplicationBuilder app) => app.Use(static (context, next) =>
        HttpMethods.IsHead(context.Request.Method) ? AsGetAsync(context, next) : next(context));

    private static async Task AsGetAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.Method = HttpMethods.Get;
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
    }
}
