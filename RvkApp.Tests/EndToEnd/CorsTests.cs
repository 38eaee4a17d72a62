using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Only the configured origins may call from a browser.</summary>
public abstract class CorsTests(SharedSchool school) : EndToEndTest(school)
{
    [Theory]
    [InlineData("POST", "/auth/login")]
    [InlineData("GET", "/students")]
    [InlineData("PUT", "/students/000000000000000000000000")]
    [InlineData("DELETE", "/courses/000000000000000000000000")]
    public async Task A_preflight_of_the_configured_origin_is_allowed(string method, string path)
    {
        var answer = await PreflightAsync(SharedSchool.AllowedOrigin, method, path);

        Assert.True(answer.Status is 200 or 204, answer.ToString());
        Assert.Equal(SharedSchool.AllowedOrigin, answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains(method, answer.Header("Access-Control-Allow-Methods"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("authorization", answer.Header("Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://app.school.example.evil.example")]
    [InlineData("http://app.school.example")]
    [InlineData("https://app.school.example:8443")]
    [InlineData("null")]
    public async Task Another_origin_is_not_allowed(string origin)
    {
        var preflight = await PreflightAsync(origin, "GET", "/students");
        var request = await User.SendAsync(HttpMethod.Get, "/students", null, r => r.Headers.Add("Origin", origin));

        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
        Assert.Null(request.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_configured_origin_can_read_the_paging_headers_and_problems()
    {
        var list = await User.SendAsync(HttpMethod.Get, "/students", null, r => r.Headers.Add("Origin", SharedSchool.AllowedOrigin));
        Assert.Equal(SharedSchool.AllowedOrigin, list.ShouldBe(200).Header("Access-Control-Allow-Origin"));
        Assert.Contains("X-Total-Count", list.Header("Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Link", list.Header("Access-Control-Expose-Headers"), StringComparison.OrdinalIgnoreCase);

        var refused = await Anonymous.SendAsync(HttpMethod.Get, "/students", null, r => r.Headers.Add("Origin", SharedSchool.AllowedOrigin));
        Assert.Equal(SharedSchool.AllowedOrigin, refused.ShouldBeProblem(401).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Never_is_a_wildcard_sent_with_credentials()
    {
        var answer = await PreflightAsync(SharedSchool.AllowedOrigin, "GET", "/students");

        Assert.NotEqual("*", answer.Header("Access-Control-Allow-Origin"));
    }

    private Task<Answer> PreflightAsync(string origin, string method, string path) => Anonymous.SendAsync(HttpMethod.Options, path, null, r =>
    {
        r.Headers.Add("Origin", origin);
        r.Headers.Add("Access-Control-Request-Method", method);
        r.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
    });
}
