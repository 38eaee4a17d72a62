using System.Text.Json;
using Amazon.Lambda.APIGatewayEvents;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>Reads who calls, from an event of an HTTP API, into the public objects.</summary>
internal static class HttpApiAuthorizerObject
{
    public static APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription? Read(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var authorizer = new APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "jwt":
                    authorizer.Jwt = ReadJwt(ref json);
                    break;
                case "lambda":
                    var values = new Dictionary<string, object?>();
                    authorizer.Lambda = EventObjectReader.Values(ref json, values) ? values : null;
                    break;
                case "iam":
                    authorizer.IAM = ReadIam(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return authorizer;
    }

    private static APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.JwtDescription? ReadJwt(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var jwt = new APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.JwtDescription();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "claims":
                    jwt.Claims = EventObjectReader.Map(ref json);
                    break;
                case "scopes":
                    jwt.Scopes = EventObjectReader.Texts(ref json, null)?.ToArray();
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return jwt;
    }

    private static APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.IAMDescription? ReadIam(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var iam = new APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.IAMDescription();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "accessKey":
                    iam.AccessKey = EventObjectReader.Text(ref json);
                    break;
                case "accountId":
                    iam.AccountId = EventObjectReader.Text(ref json);
                    break;
                case "callerId":
                    iam.CallerId = EventObjectReader.Text(ref json);
                    break;
                case "cognitoIdentity":
                    iam.CognitoIdentity = ReadCognitoIdentity(ref json);
                    break;
                case "principalOrgId":
                    iam.PrincipalOrgId = EventObjectReader.Text(ref json);
                    break;
                case "userArn":
                    iam.UserARN = EventObjectReader.Text(ref json);
                    break;
                case "userId":
                    iam.UserId = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return iam;
    }

    private static APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.CognitoIdentityDescription? ReadCognitoIdentity(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var identity = new APIGatewayHttpApiV2ProxyRequest.AuthorizerDescription.CognitoIdentityDescription();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "amr":
                    identity.AMR = EventObjectReader.Texts(ref json, null);
                    break;
                case "identityId":
                    identity.IdentityId = EventObjectReader.Text(ref json);
                    break;
                case "identityPoolId":
                    identity.IdentityPoolId = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return identity;
    }

    public static APIGatewayHttpApiV2ProxyRequest.ProxyRequestAuthentication? ReadAuthentication(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var authentication = new APIGatewayHttpApiV2ProxyRequest.ProxyRequestAuthentication();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "clientCert":
                    authentication.ClientCert = ReadCertificate(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return authentication;
    }

    private static APIGatewayHttpApiV2ProxyRequest.ProxyRequestClientCert? ReadCertificate(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var certificate = new APIGatewayHttpApiV2ProxyRequest.ProxyRequestClientCert();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "clientCertPem":
                    certificate.ClientCertPem = EventObjectReader.Text(ref json);
                    break;
                case "subjectDN":
                    certificate.SubjectDN = EventObjectReader.Text(ref json);
                    break;
                case "issuerDN":
                    certificate.IssuerDN = EventObjectReader.Text(ref json);
                    break;
                case "serialNumber":
                    certificate.SerialNumber = EventObjectReader.Text(ref json);
                    break;
                case "validity":
                    certificate.Validity = ReadValidity(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return certificate;
    }

    private static APIGatewayHttpApiV2ProxyRequest.ClientCertValidity? ReadValidity(ref Utf8JsonReader json)
    {
        if (!EventReader.Enter(ref json))
        {
            return null;
        }

        var validity = new APIGatewayHttpApiV2ProxyRequest.ClientCertValidity();
        while (EventReader.Next(ref json))
        {
            switch (json.GetString())
            {
                case "notBefore":
                    validity.NotBefore = EventObjectReader.Text(ref json);
                    break;
                case "notAfter":
                    validity.NotAfter = EventObjectReader.Text(ref json);
                    break;
                default:
                    EventReader.Skip(ref json);
                    break;
            }
        }

        return validity;
    }
}
