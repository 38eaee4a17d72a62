using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using MongoDB.Bson;
using RvkApp.Api.Auth;

namespace RvkApp.Tests.Unit;

public class TokenTests
{
    private static readonly DateTimeOffset Now = new(2025, 11, 24, 9, 30, 0, TimeSpan.Zero);

    private static readonly UserDocument Ann = new()
    {
        Id = ObjectId.Parse("692391f0d1e2f3a4b5c6d7e8"),
        Username = "Ann",
        Email = "ann@school.example",
        PasswordHash = "none",
        Role = Roles.Admin,
        CreatedAt = Now.UtcDateTime,
    };

    [Fact]
    public void A_token_says_who_it_is_for_in_which_role_and_how_long()
    {
        var token = new JsonWebToken(Issuer().Issue(Ann));

        Assert.Equal(("HS256", "JWT"), (token.Alg, token.Typ));
        Assert.Equal(Ann.Id.ToString(), token.Subject);
        Assert.Equal("admin", token.GetPayloadValue<string>("role"));
        Assert.Equal("rvkapp", token.Issuer);
        Assert.Equal(["rvkapp-api"], token.Audiences);
        Assert.Equal(Now.ToUnixTimeSeconds(), token.GetPayloadValue<long>("iat"));
        Assert.Equal(Now.AddHours(8).ToUnixTimeSeconds(), token.GetPayloadValue<long>("exp"));
        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "role", "sub"], token.Claims.Select(claim => claim.Type).Order());
    }

    [Fact]
    public void No_two_tokens_have_the_same_id()
    {
        var issuer = Issuer();
        Assert.NotEqual(new JsonWebToken(issuer.Issue(Ann)).Id, new JsonWebToken(issuer.Issue(Ann)).Id);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", 32)]
    [InlineData("ääääääääääääääää", 32)]
    [InlineData("base64:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", 32)]
    public void A_key_is_text_or_base64_of_at_least_32_bytes(string key, int length)
    {
        Assert.Equal(length, new JwtOptions { SigningKey = key }.KeyBytes()?.Length);
        Assert.True(new JwtOptionsValidator().Validate(null, new JwtOptions { SigningKey = key }).Succeeded);
    }

    [Theory]
    [InlineData(null, "not set")]
    [InlineData("", "not set")]
    [InlineData("   ", "not set")]
    [InlineData("0123456789abcdef0123456789abcde", "has 31 bytes")]
    [InlineData("base64:AAAAAAAAAAAAAAAAAAAAAA==", "has 16 bytes")]
    [InlineData("base64:not base64 at all, and long enough to be text", "is not base64")]
    public void A_missing_or_short_key_is_refused_without_repeating_it(string? key, string reason)
    {
        Assert.Null(new JwtOptions { SigningKey = key }.KeyBytes());

        var failure = Assert.Single(new JwtOptionsValidator().Validate(null, new JwtOptions { SigningKey = key }).Failures!);
        Assert.Contains("Jwt:SigningKey", failure, StringComparison.Ordinal);
        Assert.Contains(reason, failure, StringComparison.Ordinal);
        Assert.True(string.IsNullOrWhiteSpace(key) || !failure.Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public void Failed_sign_ins_are_counted_by_account_and_address()
    {
        var key = SignInThrottle.Key("ann@school.example", "127.0.0.1");
        Assert.Equal(key, SignInThrottle.Key("ann@school.example", "127.0.0.1"));
        Assert.NotEqual(key, SignInThrottle.Key("ben@school.example", "127.0.0.1"));
        Assert.NotEqual(key, SignInThrottle.Key("ann@school.example", "127.0.0.2"));
        Assert.DoesNotContain("ann", key, StringComparison.Ordinal);
    }

    private static TokenIssuer Issuer()
        => new(Options.Create(new JwtOptions { SigningKey = "0123456789abcdef0123456789abcdef" }), new FixedClock());

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
