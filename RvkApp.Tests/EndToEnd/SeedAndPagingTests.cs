using System.Text.Json;
using System.Text.RegularExpressions;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>The demo data, a restart on top of it, and the pages in which it comes.</summary>
public abstract partial class SeedAndPagingTests(SeededSchool seeded) : IAsyncLifetime
{
    private SchoolApp _school = null!;
    private HttpClient _user = null!;

    public async ValueTask InitializeAsync()
    {
        _school = await seeded.StartedAsync();
        _user = _school.CreateClient(Role.User);
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _user?.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("courses", 20 + 1)]
    [InlineData("teachers", 15)]
    [InlineData("students", 200)]
    public async Task Seeding_again_adds_nothing_and_a_restart_loses_nothing(string name, int expected)
    {
        var answer = (await _user.GetAnswerAsync($"/{name}")).ShouldBe(200);

        Assert.Equal($"{expected}", answer.Header("X-Total-Count"));
    }

    [Fact]
    public async Task What_was_created_before_the_restart_is_there()
    {
        Assert.Contains(SeededSchool.CourseCode, (await _user.GetAnswerAsync("/courses?limit=100")).ShouldBe(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_students_and_teachers_are_enrolled_in_courses_that_exist()
    {
        var courses = Ids((await _user.GetAnswerAsync("/courses?limit=100")).ShouldBe(200).Json);

        foreach (var path in (string[])["/students?limit=100", "/students?limit=100&page=2", "/teachers?limit=100"])
        {
            var people = (await _user.GetAnswerAsync(path)).ShouldBe(200).Json;
            var theirs = people.EnumerateArray().SelectMany(p => p.GetProperty("courses").EnumerateArray()).ToArray();
            Assert.NotEmpty(theirs);
            Assert.All(theirs, course =>
            {
                Assert.Contains(course.GetProperty("id").GetString()!, courses);
                Assert.False(string.IsNullOrEmpty(course.GetProperty("title").GetString()));
            });
        }
    }

    [Fact]
    public async Task Without_being_asked_a_page_has_twenty_rows_and_is_the_first()
    {
        var answer = (await _user.GetAnswerAsync("/students")).ShouldBe(200);
        var explicitly = (await _user.GetAnswerAsync("/students?page=1&limit=20")).ShouldBe(200);

        Assert.Equal(20, answer.Json.GetArrayLength());
        Assert.Equal(answer.Text, explicitly.Text);
    }

    [Fact]
    public async Task The_links_lead_through_every_row_once()
    {
        var seen = new List<string>();
        var next = "/students?limit=30";
        var pages = 0;
        while (next is not null)
        {
            var answer = (await _user.GetAnswerAsync(next)).ShouldBe(200);
            seen.AddRange(Ids(answer.Json));
            next = Links(answer).GetValueOrDefault("next");
            Assert.True(++pages <= 7, "the links do not end");
        }

        Assert.Equal(7, pages);
        Assert.Equal(200, seen.Count);
        Assert.Equal(200, seen.Distinct().Count());
    }

    [Theory]
    [InlineData(1, null, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(4, 3, null)]
    public async Task Each_page_links_to_the_pages_around_it(int page, int? previous, int? next)
    {
        var links = Links((await _user.GetAnswerAsync($"/students?page={page}&limit=50")).ShouldBe(200));

        Assert.Equal(1, PageOf("first"));
        Assert.Equal(4, PageOf("last"));
        Assert.Equal(previous, PageOf("prev"));
        Assert.Equal(next, PageOf("next"));
        Assert.All(links.Values, link => Assert.Contains("limit=50", link, StringComparison.Ordinal));

        int? PageOf(string relation) => links.TryGetValue(relation, out var link) ? int.Parse(PageParameter().Match(link).Groups[1].Value, null) : null;
    }

    [Fact]
    public async Task A_page_past_the_end_is_empty_and_leads_back()
    {
        var answer = (await _user.GetAnswerAsync("/students?page=1000&limit=100")).ShouldBe(200);

        Assert.Equal(0, answer.Json.GetArrayLength());
        Assert.Equal("200", answer.Header("X-Total-Count"));
        var links = Links(answer);
        Assert.Contains("page=2", links["last"], StringComparison.Ordinal);
        Assert.DoesNotContain("next", links.Keys);
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=abc", "page")]
    [InlineData("page=1.5", "page")]
    [InlineData("page=99999999999999999999", "page")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=abc", "limit")]
    public async Task A_page_that_cannot_be_is_400(string query, string field)
    {
        foreach (var entity in Entity.All)
        {
            var answer = (await _user.GetAnswerAsync($"{entity.Path}?{query}")).ShouldBeProblem(400);
            Assert.Contains(field, answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_of_one_hundred_rows_is_the_longest()
    {
        Assert.Equal(100, (await _user.GetAnswerAsync("/students?limit=100")).ShouldBe(200).Json.GetArrayLength());
    }

    [Fact]
    public async Task Without_configured_origins_no_origin_is_allowed()
    {
        var answer = await _user.SendAsync(HttpMethod.Get, "/students", null, r => r.Headers.Add("Origin", SharedSchool.AllowedOrigin));

        Assert.Null(answer.ShouldBe(200).Header("Access-Control-Allow-Origin"));
    }

    private static string[] Ids(JsonElement rows) => [.. rows.EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];

    // RFC 8288: <target>; rel="name", and so on, as paths that the client can follow.
    private static Dictionary<string, string> Links(Answer answer)
    {
        var links = new Dictionary<string, string>();
        var uri = answer.Response.RequestMessage!.RequestUri!;
        foreach (Match match in Link().Matches(answer.Header("Link") ?? string.Empty))
        {
            links.Add(match.Groups[2].Value, new Uri(uri, match.Groups[1].Value).PathAndQuery);
        }

        Assert.NotEmpty(links);
        return links;
    }

    [GeneratedRegex("""<([^>]+)>\s*;\s*rel="([^"]+)"(?:\s*,|$)""")]
    private static partial Regex Link();

    [GeneratedRegex(@"[?&]page=(\d+)")]
    private static partial Regex PageParameter();
}
