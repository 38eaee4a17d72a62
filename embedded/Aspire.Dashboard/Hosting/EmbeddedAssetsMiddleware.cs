using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Aspire.Dashboard.Hosting;

/// <summary>Serves the files of the assembly. They hold no secret: the page where one signs in needs them too.</summary>
internal static class EmbeddedAssetsMiddleware
{
    /// <summary>Answers GET and HEAD for the files' paths, with 304 to those who have the file.</summary>
    public static void UseEmbeddedAssets(this IApplicationBuilder app, EmbeddedAssets assets) => app.Use((context, next) =>
    {
        var request = context.Request;
        if ((!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)) || !assets.TryGet(request.Path.Value!.TrimStart('/'), out var asset))
        {
            return next(context);
        }

        var form = asset.For(request.GetTypedHeaders().AcceptEncoding);
        var headers = context.Response.Headers;
        // Kept, but asked about each time: another build is another file under the same name.
        headers.CacheControl = "no-cache";
        if (asset.IsCompressible)
        {
            headers.Vary = "Accept-Encoding";
        }

        if (form.Encoding.Length > 0)
        {
            headers.ContentEncoding = form.Encoding;
        }

        return TypedResults.Bytes(form.Content, asset.ContentType, entityTag: form.Tag).ExecuteAsync(context);
    });
}
