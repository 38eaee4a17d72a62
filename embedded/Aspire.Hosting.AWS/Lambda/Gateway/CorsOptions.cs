using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>The CORS configuration of an API (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html).</summary>
internal sealed class CorsOptions
{
    /// <summary>Origins: <c>*</c>, whole ones (<c>https://www.example.com</c>), or all of a scheme (<c>https://*</c>). None: CORS is not configured.</summary>
    public IList<string> AllowOrigins { get; set; } = [];

    /// <summary>Methods, or <c>*</c>.</summary>
    public IList<string> AllowMethods { get; set; } = [];

    /// <summary>Request headers, or <c>*</c>.</summary>
    public IList<string> AllowHeaders { get; set; } = [];

    /// <summary>Response headers, or <c>*</c>.</summary>
    public IList<string> ExposeHeaders { get; set; } = [];

    /// <summary>How long a browser may keep the answer to a preflight request, in seconds: -1 (not at all) to 86,400. Null: not said.</summary>
    public int? MaxAge { get; set; }

    /// <summary>Whether requests may have credentials. Not together with the origin <c>*</c>.</summary>
    public bool AllowCredentials { get; set; }

    /// <summary>A list that is configured again replaces the earlier one; binding alone would append to it.</summary>
    internal void ForgetListsOf(IConfigurationSection section)
    {
        Forget(section, nameof(AllowOrigins), AllowOrigins);
        Forget(section, nameof(AllowMethods), AllowMethods);
        Forget(section, nameof(AllowHeaders), AllowHeaders);
        Forget(section, nameof(ExposeHeaders), ExposeHeaders);
    }

    internal void Validate()
    {
        foreach (var origin in AllowOrigins)
        {
            if (origin is not ("*" or "http://*" or "https://*")
                && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority).Equals(origin, StringComparison.OrdinalIgnoreCase)))
            {
                throw ApiGatewayOptions.Invalid("Cors:AllowOrigins", origin, "'*', 'http://*', 'https://*' or an origin without a path, for instance https://www.example.com");
            }
        }

        Tokens("Cors:AllowMethods", AllowMethods);
        Tokens("Cors:AllowHeaders", AllowHeaders);
        Tokens("Cors:ExposeHeaders", ExposeHeaders);
        if (MaxAge is { } age)
        {
            ApiGatewayOptions.InRange("Cors:MaxAge", age, -1, 86_400);
        }

        if (AllowCredentials && AllowOrigins.Contains("*"))
        {
            throw ApiGatewayOptions.Invalid("Cors:AllowCredentials", AllowCredentials, "false when Cors:AllowOrigins has '*': name the origins");
        }
    }

    private static void Forget(IConfigurationSection section, string key, IList<string> list)
    {
        if (section.GetSection(key).Exists())
        {
            list.Clear();
        }
    }

    private static void Tokens(string key, IList<string> values)
    {
        foreach (var value in values)
        {
            if (!HeaderSyntax.IsToken(value))
            {
                throw ApiGatewayOptions.Invalid(key, value, "'*' or a name");
            }
        }
    }
}
