using System.Net;
using System.Text;
using Aspire.Dashboard.ApiReference;
using Microsoft.AspNetCore.Http;

namespace Aspire.Dashboard.Tests.Hosting;

public class ApiProxyTests
{
    [Fact]
    public async Task A_request_reaches_the_resource_as_it_was_made_without_what_belongs_to_the_dashboard()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("done"));
        await using var host = await ServerHost.StartAsync();
        host.Allocate(upstream.Port);
        var request = Request(HttpMethod.Put, "/api/proxy/api/a%2Fb/..%2fc?q=%20x&q=2");
        request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        request.Headers.Add("Authorization", "Bearer of-the-api");
        request.Headers.Add("If-Match", "\"1\"");
        request.Headers.Add("X-Custom", "kept");
        request.Headers.Add("X-Hop", "dropped");
        request.Headers.Add("Connection", "X-Hop");
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        request.Headers.Add("Referer", host.Address + "api");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Sec-Fetch-Dest", "empty");
        request.Headers.Add("X-Forwarded-For", "10.0.0.1");

        using var response = await host.SendAsync(request);

        Assert.Equal("done", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var received = Assert.Single(upstream.Requests);
        Assert.Equal(("PUT", "/a%2Fb/..%2fc?q=%20x&q=2", "{}"), (received.Method, received.Target, received.Body));
        Assert.Equal("Bearer of-the-api", received.Headers["Authorization"]);
        Assert.Equal("application/json; charset=utf-8", received.Headers["Content-Type"]);
        Assert.Equal("\"1\"", received.Headers["If-Match"]);
        Assert.Equal("kept", received.Headers["X-Custom"]);
        Assert.Equal($"localhost:{upstream.Port}", received.Headers["Host"]);
        Assert.DoesNotContain(received.Headers, h => h.Key is "Cookie" or "X-Hop" or "Origin" or "Referer" || h.Key.StartsWith("Sec-", StringComparison.Ordinal) || h.Key.StartsWith("X-Forwarded", StringComparison.Ordinal));
        Assert.DoesNotContain(received.Headers.Values, value => value.Contains(host.Cookie, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_answer_would_do_to_the_dashboards_origin_is_left_out()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            var headers = context.Response.Headers;
            headers.SetCookie = ".Aspire.Dashboard.SignIn=stolen";
            headers.ContentSecurityPolicy = "script-src *";
            headers.XFrameOptions = "ALLOWALL";
            headers.AccessControlAllowOrigin = "*";
            headers["Clear-Site-Data"] = "\"*\"";
            headers["Service-Worker-Allowed"] = "/";
            headers["Referrer-Policy"] = "unsafe-url";
            headers.ETag = "\"7\"";
            context.Response.StatusCode = StatusCodes.Status418ImATeapot;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync("<script>alert(1)</script>");
        });
        await using var host = await ServerHost.StartAsync();
        host.Allocate(upstream.Port);

        using var response = await host.GetAsync("/api/proxy/API/");

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("\"7\"", response.Headers.ETag?.Tag);
        Assert.StartsWith("sandbox;", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain(response.Headers, h => h.Key is "Set-Cookie" or "Clear-Site-Data" or "Service-Worker-Allowed" or "Access-Control-Allow-Origin");
    }

    [Fact]
    public async Task A_redirect_is_shown_and_not_followed()
    {
        await using var upstream = await Upstream.StartAsync(context =>
        {
            context.Response.Redirect("/login");
            return Task.CompletedTask;
        });
        await using var host = await ServerHost.StartAsync();
        host.Allocate(upstream.Port);

        using var response = await host.GetAsync("/api/proxy/api/old");

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Null(response.Headers.Location);
        Assert.Equal("/login", Assert.Single(response.Headers.GetValues(ApiProxy.RedirectHeader)));
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData(ApiProxy.LargestBody, HttpStatusCode.OK, false)]
    [InlineData(ApiProxy.LargestBody + 1, HttpStatusCode.RequestEntityTooLarge, false)]
    [InlineData(ApiProxy.LargestBody + 1, HttpStatusCode.RequestEntityTooLarge, true)]
    public async Task A_body_above_the_limit_does_not_reach_the_resource(int length, HttpStatusCode expected, bool chunked)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("done"));
        await using var host = await ServerHost.StartAsync();
        host.Allocate(upstream.Port);
        var request = Request(HttpMethod.Post, "/api/proxy/api/");
        request.Content = new ByteArrayContent(new byte[length]);
        request.Headers.TransferEncodingChunked = chunked;
        // The server says no before the body is sent, which otherwise may break the connection under the answer.
        request.Headers.ExpectContinue = true;

        using var response = await host.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? 1 : 0, upstream.Requests.Count);
    }

    [Fact]
    public async Task Only_those_who_are_signed_in_may_call_and_only_what_the_model_has()
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("done"));
        await using var host = await ServerHost.StartAsync();

        using var unallocated = await host.GetAsync("/api/proxy/api/");
        host.Allocate(upstream.Port);
        using var anonymous = await host.GetAsync("/api/proxy/api/", signedIn: false);
        using var unknown = await host.GetAsync("/api/proxy/other/");
        using var address = await host.GetAsync($"/api/proxy/localhost:{upstream.Port}/");
        using var known = await host.GetAsync("/api/proxy/api//evil.example/");

        Assert.Equal(HttpStatusCode.NotFound, unallocated.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, address.StatusCode);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.Equal("//evil.example/", Assert.Single(upstream.Requests).Target);
    }

    [Theory]
    [InlineData("Origin", "http://localhost:1")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Dest", "document")]
    [InlineData("Sec-Fetch-Dest", "script")]
    [InlineData("Sec-Fetch-Dest", "iframe")]
    public async Task Neither_another_origin_nor_a_tag_of_a_page_may_call(string header, string value)
    {
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("done"));
        await using var host = await ServerHost.StartAsync();
        host.Allocate(upstream.Port);
        var request = Request(HttpMethod.Get, "/api/proxy/api/");
        request.Headers.Add(header, value);

        using var response = await host.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_resource_that_does_not_listen_is_said_to()
    {
        await using var host = await ServerHost.StartAsync();
        host.Allocate(ServerHost.ClosedPort());

        using var response = await host.GetAsync("/api/proxy/api/");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains("'api' does not answer", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(path, UriKind.Relative));
}
