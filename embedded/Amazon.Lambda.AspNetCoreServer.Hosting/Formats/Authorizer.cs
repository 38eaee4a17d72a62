using System.Security.Claims;
using System.Text.Json;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>
/// Makes a user of what an authorizer of API Gateway found out
/// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html, and for REST APIs
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html). An authorizer that tells nothing makes no user.
/// </summary>
internal static class Authorizer
{
    private const string AuthenticationType = "AuthorizerIdentity";
    private const string ScopeClaim = "scope";

    /// <summary>
    /// Reads <c>requestContext.authorizer</c> of payload format 2.0: <c>jwt</c> with claims and scopes, <c>lambda</c> with what a function returned as context, <c>iam</c> with who signed.
    /// </summary>
    /// <param name="json">Stands on the property's name.</param>
    public static ClaimsPrincipal? ReadHttpApi(ref Utf8JsonReader json)
    {
        List<Claim>? claims = null;
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("jwt"u8))
            {
                ReadJwt(ref json, ref claims);
            }
            else if (json.ValueTextEquals("lambda"u8))
            {
                ReadValues(ref json, ref claims);
            }
            else if (json.ValueTextEquals("iam"u8))
            {
                ReadIam(ref json, ref claims);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }

        return User(claims);
    }

    /// <summary>
    /// Reads <c>requestContext.authorizer</c> of payload format 1.0: <c>claims</c> of a Cognito user pool's token, or else everything that the authorizer's function returned.
    /// </summary>
    /// <param name="json">Stands on the property's name.</param>
    public static ClaimsPrincipal? ReadRestApi(ref Utf8JsonReader json)
    {
        List<Claim>? claims = null, values = null;
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("claims"u8))
            {
                ReadValues(ref json, ref claims);
            }
            else
            {
                ReadValue(ref json, ref values);
            }
        }

        return User(claims ?? values);
    }

    private static void ReadJwt(ref Utf8JsonReader json, ref List<Claim>? claims)
    {
        List<string>? scopes = null;
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (json.ValueTextEquals("claims"u8))
            {
                ReadValues(ref json, ref claims);
            }
            else if (json.ValueTextEquals("scopes"u8))
            {
                scopes = EventObjectReader.Texts(ref json, scopes);
            }
            else
            {
                EventReader.Skip(ref json);
            }
        }

        foreach (var scope in scopes ?? [])
        {
            claims ??= [];
            if (!claims.Exists(claim => claim.Type == ScopeClaim && claim.Value == scope))
            {
                claims.Add(new Claim(ScopeClaim, scope));
            }
        }
    }

    private static void ReadIam(ref Utf8JsonReader json, ref List<Claim>? claims)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            if (!json.ValueTextEquals("cognitoIdentity"u8))
            {
                ReadValue(ref json, ref claims);
            }
            else if (EventReader.Enter(ref json))
            {
                while (EventReader.Next(ref json))
                {
                    if (json.ValueTextEquals("amr"u8))
                    {
                        foreach (var method in EventObjectReader.Texts(ref json, null) ?? [])
                        {
                            (claims ??= []).Add(new Claim("amr", method));
                        }
                    }
                    else
                    {
                        ReadValue(ref json, ref claims);
                    }
                }
            }
        }
    }

    private static void ReadValues(ref Utf8JsonReader json, ref List<Claim>? claims)
    {
        if (!EventReader.Enter(ref json))
        {
            return;
        }

        while (EventReader.Next(ref json))
        {
            ReadValue(ref json, ref claims);
        }
    }

    // A text as it is, null not at all, anything else as its JSON.
    private static void ReadValue(ref Utf8JsonReader json, ref List<Claim>? claims)
    {
        var name = json.GetString()!;
        if (EventObjectReader.Text(ref json) is { } value)
        {
            (claims ??= []).Add(new Claim(name, value));
        }
    }

    private static ClaimsPrincipal? User(List<Claim>? claims) => claims is null ? null : new ClaimsPrincipal(new ClaimsIdentity(claims, AuthenticationType));
}
