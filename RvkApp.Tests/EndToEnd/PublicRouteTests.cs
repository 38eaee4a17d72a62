using System.Net.Http.Headers;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>The routes that anyone may call, and what every route does with a request that fits none.</summary>
public abstract class PublicRouteTests(SharedSchool school) : EndToEndTest(school)
{
    [Fact]
    public async Task The_root_says_what_this_is_and_where_to_read_on()
    {
        var answer = await Anonymous.GetAnswerAsync("/");

        answer.ShouldBe(200);
        foreach (var member in new[] { "name", "version", "status", "environment" })
        {
            Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty(member).GetString()), $"no {member}: {answer}");
        }

        Assert.Contains("/api-docs", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/alive")]
    [InlineData("/health")]
    public async Task Health_is_good_while_all_is_well(string path)
    {
        (await Anonymous.GetAnswerAsync(path)).ShouldBe(200);
    }

    [Theory]
    [InlineData("/nothing-here")]
    [InlineData("/students/000000000000000000000000/nothing-here")]
    [InlineData("/auth")]
    [InlineData("/auth/nothing-here")]
    public async Task An_unknown_route_is_404(string path)
    {
        (await Anonymous.GetAnswerAsync(path)).ShouldBeProblem(404);
    }

    [Theory]
    [InlineData("PUT", "/auth/login")]
    [InlineData("GET", "/auth/login")]
    [InlineData("DELETE", "/auth/profile")]
    [InlineData("PATCH", "/students")]
    [InlineData("POST", "/courses/000000000000000000000000")]
    [InlineData("GET", "/teachers/000000000000000000000000/enroll")]
    [InlineData("POST", "/")]
    public async Task A_known_route_with_another_method_is_405_and_names_the_methods_it_has(string method, string path)
    {
        var answer = await Admin.SendAsync(new HttpMethod(method), path, content: null);

        answer.ShouldBeProblem(405);
        Assert.False(string.IsNullOrEmpty(answer.Header("Allow")), $"no Allow header: {answer}");
    }

    public static TheoryData<string, string> RoutesWithABody => new()
    {
        { "POST", "/auth/register" },
        { "POST", "/auth/login" },
        { "POST", "/students" },
        { "POST", "/teachers" },
        { "POST", "/courses" },
        { "PUT", "/students/000000000000000000000000" },
        { "PUT", "/teachers/000000000000000000000000" },
        { "PUT", "/courses/000000000000000000000000" },
        { "POST", "/students/000000000000000000000000/enroll" },
        { "POST", "/students/000000000000000000000000/unenroll" },
        { "POST", "/teachers/000000000000000000000000/enroll" },
        { "POST", "/teachers/000000000000000000000000/unenroll" },
    };

    [Theory]
    [MemberData(nameof(RoutesWithABody))]
    public async Task A_body_that_is_not_json_is_415(string method, string path)
    {
        (await Admin.SendTextAsync(new HttpMethod(method), path, "name=x", "application/x-www-form-urlencoded")).ShouldBeProblem(415);
        (await Admin.SendTextAsync(new HttpMethod(method), path, "{}", "text/plain")).ShouldBeProblem(415);
    }

    [Theory]
    [MemberData(nameof(RoutesWithABody))]
    public async Task A_missing_body_is_400(string method, string path)
    {
        var nothing = new ByteArrayContent([]);
        nothing.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await Admin.SendAsync(new HttpMethod(method), path, nothing)).ShouldBeProblem(400);
        (await Admin.SendTextAsync(new HttpMethod(method), path, "null")).ShouldBeProblem(400);
    }

    [Theory]
    [MemberData(nameof(RoutesWithABody))]
    public async Task A_body_that_is_malformed_or_no_object_is_400(string method, string path)
    {
        foreach (var body in new[] { "{", "{\"name\":", "{\"name\": 'x'}", "[]", "[{}]", "\"text\"", "1", "true", "{} {}", "\u0000", "nul" })
        {
            var answer = await Admin.SendTextAsync(new HttpMethod(method), path, body);
            answer.ShouldBeProblem(400);
        }
    }

    [Fact]
    public async Task Nesting_without_end_is_400()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000);

        (await Admin.SendTextAsync(HttpMethod.Post, "/students", deep)).ShouldBeProblem(400);
    }

    [Fact]
    public async Task The_trace_id_of_a_problem_is_the_one_of_the_caller()
    {
        const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

        var answer = await Anonymous.SendAsync(HttpMethod.Get, "/nothing-here", null, r => r.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01"));

        Assert.Contains(TraceId, answer.ShouldBeProblem(404).Json.GetProperty("traceId").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_interactive_reference_is_a_page()
    {
        var answer = await Anonymous.GetAnswerAsync("/api-docs");

        answer.ShouldBe(200);
        Assert.Equal("text/html", answer.Response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_interactive_reference_needs_nothing_from_elsewhere_and_advertises_nothing()
    {
        var page = await Anonymous.GetAnswerAsync("/api-docs/");

        Assert.DoesNotMatch("(src|href)\\s*=\\s*[\"'](https?:)?//", page.Text);
        Assert.Contains("\"showDeveloperTools\":\"never\"", page.Text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        // Whatever the script would do, a browser lets it talk to this origin only.
        Assert.Contains("connect-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("default-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/students")]
    [InlineData("/students/not-an-id")]
    [InlineData("/courses/000000000000000000000000")]
    [InlineData("/auth/profile")]
    [InlineData("/nowhere")]
    [InlineData("/auth/login")]
    public async Task Head_is_answered_as_get_without_a_body(string path)
    {
        var get = await Admin.GetAnswerAsync(path);
        var head = await Admin.SendAsync(HttpMethod.Head, path, content: null);

        head.ShouldBe(get.Status);
        Assert.Equal(get.Response.Content.Headers.ContentType?.MediaType, head.Response.Content.Headers.ContentType?.MediaType);
        // Other tests add students meanwhile, so the number may differ.
        Assert.Equal(get.Header("X-Total-Count") is null, head.Header("X-Total-Count") is null);
        Assert.Empty(head.Text);
    }
}
