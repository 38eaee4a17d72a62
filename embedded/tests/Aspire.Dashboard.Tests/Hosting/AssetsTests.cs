using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Aspire.Dashboard.Tests.Hosting;

public class AssetsTests
{
    private const string Style = "/css/login.css";

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("identity", null)]
    public async Task A_file_comes_in_the_best_encoding_that_the_browser_takes(string accepted, string? encoding)
    {
        await using var host = await ServerHost.StartAsync();
        using var plain = await host.SendAsync(Request(Style, null), signedIn: false);

        using var response = await host.SendAsync(Request(Style, accepted), signedIn: false);

        Assert.Equal(encoding, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("text/css; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.Equal(encoding is null, plain.Headers.ETag!.Equals(response.Headers.ETag));
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(encoding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        });
        Assert.Equal(await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_has_the_file_is_not_sent_it_again()
    {
        await using var host = await ServerHost.StartAsync();
        using var first = await host.SendAsync(Request(Style, "br"), signedIn: false);
        var tag = first.Headers.ETag!;
        Assert.False(tag.IsWeak);

        using var again = await host.SendAsync(Request(Style, "br", tag), signedIn: false);
        using var inAnotherEncoding = await host.SendAsync(Request(Style, "gzip", tag), signedIn: false);

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, inAnotherEncoding.StatusCode);
    }

    [Theory]
    [InlineData("/favicon.svg", "image/svg+xml")]
    [InlineData("/js/layout.js", "text/javascript")]
    [InlineData("/_framework/blazor.web.js", "text/javascript")]
    [InlineData("/_content/Microsoft.FluentUI.AspNetCore.Components/Microsoft.FluentUI.AspNetCore.Components.lib.module.js", "text/javascript")]
    public async Task What_the_pages_load_is_there_with_its_type(string path, string type)
    {
        await using var host = await ServerHost.StartAsync();

        using var response = await host.GetAsync(path, signedIn: false);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_is_answered_with_a_page_that_says_so_to_those_who_are_signed_in()
    {
        await using var host = await ServerHost.StartAsync();

        using var response = await host.GetAsync("/no/such/page");
        using var anonymous = await host.GetAsync("/no/such/page", signedIn: false);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("<h1>Not found</h1>", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
    }

    [Fact]
    public async Task The_reference_may_be_in_a_frame_of_the_dashboard_only_and_runs_the_scripts_that_are_its_own()
    {
        await using var host = await ServerHost.StartAsync();

        using var first = await host.GetAsync("/api/reference/?resource=api%22%3E%3Cscript%3E&theme=dark");
        using var second = await host.GetAsync("/api/reference/?resource=api");
        using var anonymous = await host.GetAsync("/api/reference/?resource=api", signedIn: false);
        using var script = await host.GetAsync("/api/reference/scalar.js");

        var policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-ancestors 'self'", policy);
        Assert.DoesNotContain("script-src 'self' 'unsafe", policy);
        Assert.NotEqual(policy, Assert.Single(second.Headers.GetValues("Content-Security-Policy")));
        Assert.DoesNotContain("\"><script>", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    private static HttpRequestMessage Request(string path, string? accepted, EntityTagHeaderValue? have = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (accepted is not null)
        {
            request.Headers.Add("Accept-Encoding", accepted);
        }

        if (have is not null)
        {
            request.Headers.IfNoneMatch.Add(have);
        }

        return request;
    }
}
