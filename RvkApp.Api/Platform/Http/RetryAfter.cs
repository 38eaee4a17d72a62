using System.Globalization;

namespace RvkApp.Api.Platform.Http;

/// <summary>The <c>Retry-After</c> header (RFC 9110, section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>Sets the header, in whole seconds, rounded up and at least one.</summary>
    public static void Set(HttpResponse response, TimeSpan delay)
        => response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
