using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>What an API with a CORS configuration does with requests of browsers (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).</summary>
internal sealed class CorsPolicy
{
    private readonly bool _allowsAny;
    private readonly bool _allowsAnyHttp;
    private readonly bool _allowsAnyHttps;
    private readonly HashSet<string> _origins;
    private readonly string? _methods;
    private readonly string? _headers;
    private readonly string? _exposed;
    private readonly string? _maxAge;
    private readonly bool _credentials;

    private CorsPolicy(CorsOptions options)
    {
        _origins = new HashSet<string>(options.AllowOrigins, StringComparer.OrdinalIgnoreCase);
        _allowsAny = _origins.Contains("*");
        _allowsAnyHttp = _origins.Contains("http://*");
        _allowsAnyHttps = _origins.Contains("https://*");
        _methods = Joined(options.AllowMethods);
        _headers = Joined(options.AllowHeaders);
        _exposed = Joined(options.ExposeHeaders);
        _maxAge = options.MaxAge?.ToString(CultureInfo.InvariantCulture);
        _credentials = options.AllowCredentials;
    }

    /// <summary>The policy of an API; null when CORS is not configured for it.</summary>
    public static CorsPolicy? Create(CorsOptions options) => options.AllowOrigins.Count == 0 ? null : new CorsPolicy(options);

    /// <summary>Whether a header is one of CORS.</summary>
    public static bool IsCorsHeader(string name) => name.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a request asks what another one may have in it.</summary>
    public static bool IsPreflight(IHttpRequestFeature request)
        => HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Adds the headers of an answer to a preflight request. An origin that is not allowed gets none.</summary>
    public void AnswerPreflight(IHeaderDictionary request, IHeaderDictionary response)
    {
        if (!AddOrigin(request, response))
        {
            return;
        }

        Add(response, "Access-Control-Allow-Methods", _methods);
        Add(response, "Access-Control-Allow-Headers", _headers);
        Add(response, "Access-Control-Max-Age", _maxAge);
    }

    /// <summary>Adds the headers of a function's response.</summary>
    public void AddTo(IHeaderDictionary request, IHeaderDictionary response)
    {
        if (AddOrigin(request, response))
        {
            Add(response, "Access-Control-Expose-Headers", _exposed);
        }
    }

    private bool AddOrigin(IHeaderDictionary request, IHeaderDictionary response)
    {
        if (request.Origin is not [{ Length: > 0 } origin])
        {
            return false;
        }

        var isAllowed = _allowsAny || _origins.Contains(origin)
            || (_allowsAnyHttps && origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            || (_allowsAnyHttp && origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase));
        if (isAllowed)
        {
            response.AccessControlAllowOrigin = _allowsAny ? "*" : origin;
            Add(response, "Access-Control-Allow-Credentials", _credentials ? "true" : null);
        }

        return isAllowed;
    }

    private static string? Joined(IList<string> values) => values.Count == 0 ? null : string.Join(',', values);

    private static void Add(IHeaderDictionary response, string name, string? value)
    {
        if (value is not null)
        {
            response[name] = value;
        }
    }
}
