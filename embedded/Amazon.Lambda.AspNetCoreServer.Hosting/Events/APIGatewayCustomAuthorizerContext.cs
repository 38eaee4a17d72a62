using System.Text.Json;

namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>What the authorizer of a REST API found out: values by key, each a <see cref="JsonElement"/>, and the claims of a Cognito user pool.</summary>
#pragma warning disable CA1710, CA2227 // the shape is the package's
public class APIGatewayCustomAuthorizerContext : Dictionary<string, object?>
{
    private Dictionary<string, string>? _claims;

    /// <summary>The claims of a user pool's token that are texts; empty with another authorizer.</summary>
    public Dictionary<string, string> Claims
    {
        get
        {
            if (_claims is null)
            {
                _claims = [];
                if (TryGetValue("claims", out var value) && value is JsonElement { ValueKind: JsonValueKind.Object } claims)
                {
                    foreach (var claim in claims.EnumerateObject().Where(claim => claim.Value.ValueKind == JsonValueKind.String))
                    {
                        _claims[claim.Name] = claim.Value.GetString()!;
                    }
                }
            }

            return _claims;
        }

        set => _claims = value;
    }
}
