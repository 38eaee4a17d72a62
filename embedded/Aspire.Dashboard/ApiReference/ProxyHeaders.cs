using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Aspire.Dashboard.ApiReference;

/// <summary>Which headers pass the proxy.</summary>
internal static class ProxyHeaders
{
    // Everything that comes back is data: as a document of its own it could do nothing.
    private const string Policy = "sandbox; default-src 'none'; frame-ancestors 'none'";

    // Those of one connection (RFC 9110, 7.6.1), and those that this server sets itself.
    private static readonly FrozenSet<string> Connection = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization, HeaderNames.ProxyConnection, HeaderNames.TE, HeaderNames.Trailer,
        HeaderNames.TransferEncoding, HeaderNames.Upgrade, "HTTP2-Settings");

    // The dashboard's cookie, and what tells where the dashboard is.
    private static readonly FrozenSet<string> OfTheDashboard = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        HeaderNames.Cookie, HeaderNames.Host, HeaderNames.Origin, HeaderNames.Referer, HeaderNames.Expect, HeaderNames.ContentLength, "Forwarded");

    // They would act on the dashboard's origin.
    private static readonly FrozenSet<string> OnTheOrigin = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        HeaderNames.SetCookie, "Set-Cookie2", "Clear-Site-Data", HeaderNames.ContentSecurityPolicy, HeaderNames.ContentSecurityPolicyReportOnly, HeaderNames.StrictTransportSecurity, HeaderNames.AltSvc,
        "Service-Worker-Allowed", "Refresh", HeaderNames.Link, "SourceMap", "X-SourceMap", "NEL", "Report-To", "Reporting-Endpoints", "Origin-Agent-Cluster", "Permissions-Policy");

    public static void CopyRequest(IHeaderDictionary from, HttpRequestMessage to)
    {
        var named = Named(from.Connection);
        foreach (var (name, values) in from)
        {
            if (name.StartsWith(':') || Connection.Contains(name) || OfTheDashboard.Contains(name) || named.Contains(name)
                || name.StartsWith("Sec-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                to.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    public static void CopyResponse(HttpResponseMessage from, IHeaderDictionary to)
    {
        var named = Named([.. from.Headers.Connection]);
        var isRedirect = (int)from.StatusCode is >= 300 and < 400;
        foreach (var (name, values) in from.Headers.NonValidated.Concat(from.Content.Headers.NonValidated))
        {
            // What the dashboard says about its answers (BrowserRequests) is said here too.
            if (Connection.Contains(name) || OnTheOrigin.Contains(name) || named.Contains(name) || to.ContainsKey(name) || name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // A browser would follow it by itself, to an address of the dashboard.
            to[isRedirect && name.Equals(HeaderNames.Location, StringComparison.OrdinalIgnoreCase) ? ApiProxy.RedirectHeader : name] = values.ToArray();
        }

        to.ContentSecurityPolicy = Policy;
    }

    private static HashSet<string> Named(IEnumerable<string?> connection)
        => connection.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
