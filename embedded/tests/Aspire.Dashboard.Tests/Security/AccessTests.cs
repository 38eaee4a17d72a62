using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using Aspire.Dashboard.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Dashboard.Tests.Security;

/// <summary>Nothing works without the token, and a page of another origin cannot act.</summary>
public sealed class AccessTests(SecuredDashboard dashboard)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_but_the_sign_in_refuses_who_has_not_signed_in()
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        var endpoints = dashboard.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.Contains(endpoints, endpoint => endpoint.RoutePattern.RawText == "/consolelogs/{name?}" || endpoint.RoutePattern.RawText!.Contains("consolelogs", StringComparison.Ordinal));
        Assert.Contains(endpoints, endpoint => endpoint.RoutePattern.RawText!.Contains("_blazor", StringComparison.Ordinal));

        var open = new List<string>();
        foreach (var endpoint in endpoints)
        {
            var path = Example(endpoint.RoutePattern);
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } listed ? listed : ["GET", "POST"];
            foreach (var method in methods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                using var response = await client.SendAsync(request, Cancelled);
                if (response.StatusCode != HttpStatusCode.Unauthorized)
                {
                    open.Add($"{method} {path} {(int)response.StatusCode}");
                }
            }
        }

        // The page with the form, and the form without its antiforgery token.
        Assert.Equal(["GET /login 200", "POST /login 400"], open.Where(line => !IsFrameworkAsset(line)).Order());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/consolelogs")]
    [InlineData("/structuredlogs?text=x")]
    public async Task A_person_who_asks_for_a_page_is_sent_to_the_sign_in_and_comes_back(string path)
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var response = await client.GetAsync(path, Cancelled);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal($"/login?returnUrl={Uri.EscapeDataString(path)}", response.Headers.Location!.PathAndQuery, ignoreCase: true);

        using var back = await client.GetAsync($"{dashboard.Options.SignInUrl.PathAndQuery}&returnUrl={Uri.EscapeDataString(path)}", Cancelled);
        Assert.Equal(path, back.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("00000000000000000000000000000000")]
    public async Task Another_token_does_not_sign_in(string token)
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        using var response = await client.GetAsync($"/login?t={token}", Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(value => value.Contains("SignIn", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_cookie_is_of_this_port_and_out_of_reach_of_scripts_and_other_sites_and_the_address_that_stays_has_no_token()
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        using var response = await client.GetAsync(dashboard.Options.SignInUrl, Cancelled);
        Assert.Equal("/", response.Headers.Location!.OriginalString);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), value => value.StartsWith($".Aspire.Dashboard.SignIn.{dashboard.Root.Port}=", StringComparison.Ordinal));
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(dashboard.Options.BrowserToken, cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("evil")]
    public async Task A_sign_in_leads_nowhere_else(string returnUrl)
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        using var response = await client.GetAsync($"{dashboard.Options.SignInUrl.PathAndQuery}&returnUrl={Uri.EscapeDataString(returnUrl)}", Cancelled);
        Assert.Equal("/", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_form_signs_in_with_its_own_antiforgery_token()
    {
        using var client = await dashboard.CreateClientAsync(signIn: false);
        var page = await client.GetStringAsync("/login?returnUrl=%2Fmetrics", Cancelled);
        var antiforgery = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", antiforgery), new("t", $" {dashboard.Options.BrowserToken} "), new("returnUrl", "/metrics")]);
        using var response = await client.PostAsync("/login", form, Cancelled);
        Assert.Equal((HttpStatusCode.Found, "/metrics"), (response.StatusCode, response.Headers.Location!.OriginalString));
        using var inside = await client.GetAsync("/", Cancelled);
        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
    }

    [Fact]
    public async Task A_page_carries_its_policy_and_no_inline_script_and_neither_token_nor_secret()
    {
        using var client = await dashboard.CreateClientAsync(signIn: true);
        foreach (var path in (string[])["/", "/consolelogs", "/structuredlogs", "/traces", "/login"])
        {
            using var response = await client.GetAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            var html = await response.Content.ReadAsStringAsync(Cancelled);
            Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)", html);
            Assert.DoesNotMatch(@"<[^>]+\son[a-z]+\s*=", html);
            Assert.DoesNotContain(dashboard.Options.BrowserToken, html, StringComparison.Ordinal);
            Assert.DoesNotContain(dashboard.Options.OtlpApiKey, html, StringComparison.Ordinal);
            Assert.DoesNotContain(SecuredDashboard.Secret, html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET", "Origin", "http://localhost:5080")]
    [InlineData("POST", "Origin", "http://localhost:5080")]
    [InlineData("POST", "Origin", "null")]
    [InlineData("GET", "Sec-Fetch-Site", "same-site")]
    [InlineData("POST", "Sec-Fetch-Site", "cross-site")]
    public async Task Who_has_signed_in_cannot_be_used_by_a_page_of_another_origin(string method, string header, string value)
    {
        using var client = await dashboard.CreateClientAsync(signIn: true);
        foreach (var path in (string[])["/", "/_blazor/negotiate?negotiateVersion=1", "/login"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.Add(header, value);
            using var response = await client.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_link_on_a_page_of_another_origin_may_lead_here()
    {
        using var client = await dashboard.CreateClientAsync(signIn: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Headers.Add("Sec-Fetch-Mode", "navigate");
        request.Headers.Add("Sec-Fetch-Dest", "document");
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, false, 401)]
    [InlineData("http://localhost:5080", true, 403)]
    public async Task The_connection_of_the_pages_needs_the_cookie_and_the_own_origin(string? origin, bool signedIn, int expected)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.Cookies = new CookieContainer();
        if (signedIn)
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = socket.Options.Cookies };
            using var client = new HttpClient(handler);
            using var response = await client.GetAsync(dashboard.Options.SignInUrl, Cancelled);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new UriBuilder(dashboard.Root) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancelled));
        Assert.Equal(expected, (int)socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    public async Task A_name_that_leads_here_by_DNS_is_refused(string host)
    {
        using var client = await dashboard.CreateClientAsync(signIn: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Anonymous_access_is_what_was_asked_for_and_still_no_page_of_another_origin_acts()
    {
        await using var application = SecuredDashboard.Build("--DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true");
        await application.StartAsync(Cancelled);
        var options = (await SecuredDashboard.ServerOf(application)).Services.GetRequiredService<Aspire.Hosting.Dashboard.DashboardOptions>();
        Assert.DoesNotContain(options.BrowserToken, options.SignInUrl.AbsoluteUri, StringComparison.Ordinal);
        using var client = new HttpClient { BaseAddress = options.FrontendUrl };
        using var page = await client.GetAsync("/", Cancelled);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        client.DefaultRequestHeaders.Add("Origin", "http://localhost:5080");
        using var refused = await client.GetAsync("/", Cancelled);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        await application.StopAsync(Cancelled);
    }

    // Files of the framework are the same for everybody and say nothing about the application.
    private static bool IsFrameworkAsset(string line) => line.Contains(" /_framework/", StringComparison.Ordinal) && !line.Contains("negotiate", StringComparison.Ordinal);

    private static string Example(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "0",
    }))));
}
