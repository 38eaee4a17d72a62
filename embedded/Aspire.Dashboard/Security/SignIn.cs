using System.Globalization;
using System.Security.Claims;
using Aspire.Dashboard.Components.Pages;
using Aspire.Hosting.Dashboard;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Dashboard.Security;

/// <summary>Who may use the dashboard: whoever has the token that the console shows. The token is exchanged for a cookie that lives as long as this run.</summary>
internal static class SignIn
{
    public const string Path = "/login";

    private const string TokenField = "t";
    private const string ReturnUrlField = "returnUrl";

    public static void AddSignIn(this IServiceCollection services, DashboardOptions options)
    {
        // The keys die with this run, and with them every cookie; nothing is left in the home directory.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieName("Antiforgery", options);
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = CookieName("SignIn", options);
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Strict;
            cookie.LoginPath = Path;
            cookie.ReturnUrlParameter = ReturnUrlField;
            cookie.Events.OnRedirectToLogin = context =>
            {
                // A person who asks for a page is shown where to sign in; a program, or the connection of a page, is told no.
                if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
                {
                    context.Response.Redirect(context.RedirectUri);
                }
                else
                {
                    context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                }

                return Task.CompletedTask;
            };
        });
        var authorization = services.AddAuthorizationBuilder();
        if (!options.AllowAnonymous)
        {
            // For every endpoint that does not say otherwise, also for those that are still to come.
            authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        }
    }

    public static void MapSignIn(this IEndpointRouteBuilder endpoints, DashboardOptions options)
    {
        var expected = new Secret(options.BrowserToken);

        endpoints.MapGet(Path, async Task<IResult> (HttpContext context, [Microsoft.AspNetCore.Mvc.FromQuery(Name = TokenField)] string? token, string? returnUrl) => token is null
            ? Page(returnUrl, refused: false)
            : await EnterAsync(context, token, returnUrl)).AllowAnonymous();

        endpoints.MapPost(Path, async Task<IResult> (HttpContext context, IAntiforgery antiforgery) =>
        {
            if (!await antiforgery.IsRequestValidAsync(context))
            {
                return TypedResults.BadRequest("The form is of an earlier run or of another page. Load it again.");
            }

            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return await EnterAsync(context, form[TokenField].ToString().Trim(), form[ReturnUrlField]);
        }).AllowAnonymous();

        async Task<IResult> EnterAsync(HttpContext context, string token, string? returnUrl)
        {
            if (!expected.Is(token))
            {
                return Page(returnUrl, refused: true);
            }

            var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "dashboard")], CookieAuthenticationDefaults.AuthenticationScheme);
            await context.SignInAsync(new ClaimsPrincipal(identity));
            // The address that stays, in the history too, is without the token.
            return TypedResults.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
        }
    }

    private static RazorComponentResult<Login> Page(string? returnUrl, bool refused)
        => new(new { ReturnUrl = IsLocal(returnUrl) ? returnUrl : null, Refused = refused }) { StatusCode = refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK };

    /// <summary>Whether an address is a path of this server: neither another server nor something that a browser takes for one.</summary>
    private static bool IsLocal(string? url) => url is ['/', ..] && url is not (['/', '/' or '\\', ..]) && !url.Any(char.IsControl);

    // Cookies do not know ports: each dashboard on this machine has its own.
    private static string CookieName(string purpose, DashboardOptions options) => string.Create(CultureInfo.InvariantCulture, $".Aspire.Dashboard.{purpose}.{options.FrontendUrl.Port}");
}
