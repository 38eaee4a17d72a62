using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using MongoDB.Bson;
using RvkApp.Api.Platform.Startup;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Auth;

internal static class AuthSetup
{
    public const string AdminPolicy = "admin";

    public static void AddSchoolAuth(this IServiceCollection services)
    {
        services.AddValidatedOptions<JwtOptions, JwtOptionsValidator>().BindConfiguration("Jwt");
        services.AddValidatedOptions<AdminOptions, AdminOptionsValidator>().BindConfiguration("Admin");
        services.AddValidatedOptions<PasswordOptions, PasswordOptionsValidator>().BindConfiguration("Passwords");
        services.AddValidatedOptions<SignInOptions, SignInOptionsValidator>().BindConfiguration("SignIn");

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<PasswordHasher>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<AdminAccess>();
        services.AddSingleton<FirstAdmin>();
        services.AddSingleton<AuthServices>();
        services.AddRequestValidator<RegisterRequest, RegisterRequestValidator>();
        services.AddRequestValidator<SignInRequest, SignInRequestValidator>();

        AddBearerAuthentication(services);
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<IOptions<JwtOptions>>(Configure);
        services.AddAuthorizationBuilder().AddPolicy(AdminPolicy, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Admin));
    }

    // What AddAuthentication does, without data protection: bearer tokens need none, and it brings XML and its cryptography into the native binary.
    private static void AddBearerAuthentication(IServiceCollection services)
    {
        services.AddAuthenticationCore(options => options.DefaultScheme = JwtBearerDefaults.AuthenticationScheme);
        services.AddWebEncoders();
        services.AddSingleton<IAuthenticationConfigurationProvider, AuthenticationSection>();
        new AuthenticationBuilder(services).AddJwtBearer();
    }

    // RFC 8725: the algorithm is pinned (3.1), the key fits it (3.2, 3.5), issuer and audience are checked (3.8, 3.9).
    private static void Configure(JwtBearerOptions bearer, IOptions<JwtOptions> jwt)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidTypes = ["JWT"],
            IssuerSigningKey = TokenIssuer.SecurityKey(jwt.Value),
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            ValidIssuer = jwt.Value.Issuer,
            ValidateIssuer = true,
            ValidAudience = jwt.Value.Audience,
            ValidateAudience = true,
            ValidateLifetime = true,
            RequireExpirationTime = true,
            // The only times in a token are when it was issued, which is not compared, and when it ends.
            ClockSkew = TimeSpan.Zero,
            NameClaimType = JwtRegisteredClaimNames.Sub,
            RoleClaimType = TokenClaims.Role,
        };
        bearer.Events = new JwtBearerEvents { OnTokenValidated = RequireSubject };
    }

    // RFC 8725, 3.8: a token has to be about somebody. Reads do not look the user up, so it is checked here and not there.
    private static Task RequireSubject(TokenValidatedContext context)
    {
        if (!ObjectId.TryParse(context.Principal?.Subject(), out _))
        {
            context.Fail("The token's subject is not the id of a user.");
        }

        return Task.CompletedTask;
    }
}

/// <summary>Where authentication schemes may be configured, by the framework's convention.</summary>
internal sealed class AuthenticationSection(IConfiguration configuration) : IAuthenticationConfigurationProvider
{
    public IConfiguration AuthenticationConfiguration { get; } = configuration.GetSection("Authentication");
}
