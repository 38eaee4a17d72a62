using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Auth;

/// <summary>Issues the tokens of signed-in users: JWTs with HS256, after RFC 8725.</summary>
internal sealed class TokenIssuer(IOptions<JwtOptions> options, TimeProvider clock)
{
    // Nothing is added by itself: "nbf" would make a token invalid on a machine whose clock is a little behind.
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(SecurityKey(options.Value), SecurityAlgorithms.HmacSha256);

    public string Issue(UserDocument user)
    {
        var now = clock.Now();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            IssuedAt = now,
            Expires = now + options.Value.Lifetime,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = user.Id.ToString(),
                [TokenClaims.Role] = user.Role,
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            },
            SigningCredentials = _credentials,
        });
    }

    public static SymmetricSecurityKey SecurityKey(JwtOptions options)
        => new(options.KeyBytes() ?? throw new InvalidOperationException("The options were used before they were validated."));
}

internal static class TokenClaims
{
    public const string Role = "role";

    /// <summary>The user's id.</summary>
    public static string? Subject(this ClaimsPrincipal principal) => principal.FindFirstValue(JwtRegisteredClaimNames.Sub);
}
