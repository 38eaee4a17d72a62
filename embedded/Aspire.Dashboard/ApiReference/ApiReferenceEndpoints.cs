using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Scalar.AspNetCore;

namespace Aspire.Dashboard.ApiReference;

/// <summary>What the API page is made of: the reference, which it shows in a frame, and the way to the resource.</summary>
internal static class ApiReferenceEndpoints
{
    /// <summary>The reference of a resource: <c>?resource=NAME&amp;theme=dark</c>. Without the slash at the end Scalar leads there and loses the query.</summary>
    public const string Path = "/api/reference/";

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    public static void MapApiProxy(this IEndpointRouteBuilder endpoints)
        => endpoints.MapMethods(ApiProxy.Path + "/{resource}/{**path}", Methods, static (HttpContext context, string resource, ApiProxy proxy) => proxy.ForwardAsync(context, resource));

    public static void MapApiReference(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("");
        group.MapScalarApiReference(Path, Configure);
        // Scalar lets everybody have its files. Nothing here is for those who are not signed in.
        ((IEndpointConventionBuilder)group).Finally(static endpoint =>
        {
            foreach (var open in endpoint.Metadata.OfType<IAllowAnonymous>().ToArray())
            {
                endpoint.Metadata.Remove(open);
            }
        });
    }

    private static void Configure(ScalarOptions options, HttpContext context)
    {
        // Escaped wherever it goes: Scalar writes what it is given into its page as it is.
        var resource = Uri.EscapeDataString(context.Request.Query["resource"].ToString());
        var proxy = $"{context.Request.Scheme}://{context.Request.Host}{ApiProxy.Path}/{resource}";
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        options.WithTitle("API reference")
            .WithNonce(nonce)
            .AddDocument(ApiDescriptions.DocumentName, routePattern: proxy + ApiDescriptions.DocumentPath)
            .AddServer(proxy)
            // Everything that it needs comes from here; it works without the Internet and tells nobody that it was opened.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .HideClientButton()
            .HideDarkModeToggle();
        options.ForceThemeMode = context.Request.Query["theme"] == "dark" ? ThemeMode.Dark : ThemeMode.Light;
        // Its page has one script in itself, which the nonce lets through, and is for the frame of ours.
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
            + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'";
        headers.XFrameOptions = "SAMEORIGIN";
    }
}
