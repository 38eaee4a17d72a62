using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RvkApp.AppHost;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Bodies of at most 1 MiB, sign-ins of at most ten failures.</summary>
public abstract class LimitTests(SharedSchool school) : EndToEndTest(school)
{
    private const int Limit = 1024 * 1024;

    private static byte[] BodyOfLength(int length)
    {
        var body = Entity.Students.NewBody();
        body["padding"] = string.Empty;
        var empty = body.ToJsonString();
        body["padding"] = new string('x', length - empty.Length);
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        Assert.Equal(length, bytes.Length);
        return bytes;
    }

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_one_mebibyte_is_taken(bool chunked)
    {
        (await Admin.SendAsync(HttpMethod.Post, "/students", Json(BodyOfLength(Limit)), r => r.Headers.TransferEncodingChunked = chunked)).ShouldBe(201);
    }

    [Theory]
    [InlineData("/students", false)]
    [InlineData("/students", true)]
    [InlineData("/auth/login", false)]
    [InlineData("/auth/login", true)]
    [InlineData("/auth/register", true)]
    [InlineData("/courses/000000000000000000000000/x", true)]
    public async Task A_body_of_one_byte_more_is_413(string path, bool chunked)
    {
        var answer = await Admin.SendAsync(HttpMethod.Post, path, Json(BodyOfLength(Limit + 1)), r => r.Headers.TransferEncodingChunked = chunked);

        // A route that is not there never reads a body; one that came through API Gateway has a length, whatever the client sent.
        answer.ShouldBeProblem(path.EndsWith('x') && School.Host == ApiHost.Project ? 404 : 413);
    }

    [Fact]
    public async Task Ten_failures_close_the_account_even_to_the_right_password()
    {
        var email = await RegisterAsync();

        for (var i = 0; i < 10; i++)
        {
            (await SignInAsync(email, "not the password")).ShouldBeProblem(401);
        }

        foreach (var password in (string[])["not the password", "a good password"])
        {
            var answer = (await SignInAsync(email, password)).ShouldBeProblem(429);
            var seconds = answer.Response.Headers.RetryAfter?.Delta?.TotalSeconds;
            Assert.True(seconds is > 0 and <= 15 * 60, $"Retry-After is {answer.Header("Retry-After")}: {answer}");
        }

        // Others are not held up, and neither is who is signed in already.
        (await SignInAsync(await RegisterAsync(), "a good password")).ShouldBe(200);
    }

    [Fact]
    public async Task An_account_that_does_not_exist_is_closed_the_same_way()
    {
        var email = Unique.Email();
        for (var i = 0; i < 10; i++)
        {
            (await SignInAsync(email, "not the password")).ShouldBeProblem(401);
        }

        (await SignInAsync(email, "not the password")).ShouldBeProblem(429);
        (await SignInAsync($" {email.ToUpperInvariant()}", "not the password")).ShouldBeProblem(429);
    }

    [Fact]
    public async Task Parallel_guesses_get_no_more_tries()
    {
        var email = await RegisterAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SignInAsync(email, "not the password")));

        Assert.All(answers, a => a.ShouldBeProblem(a.Status == 429 ? 429 : 401));
        Assert.True(answers.Count(a => a.Status == 401) <= 10, $"{answers.Count(a => a.Status == 401)} tries");
    }

    [Fact]
    public async Task Whoever_claims_another_address_gets_no_more_tries()
    {
        var email = Unique.Email();
        for (var i = 0; i < 10; i++)
        {
            (await ClaimAsync(i)).ShouldBeProblem(401);
        }

        (await ClaimAsync(10)).ShouldBeProblem(429);

        Task<Answer> ClaimAsync(int number) => Anonymous.SendAsync(
            HttpMethod.Post,
            "/auth/login",
            HttpClientExtensions.Json(new JsonObject { ["email"] = email, ["password"] = "not the password" }),
            r =>
            {
                r.Headers.Add("X-Forwarded-For", $"198.51.100.{number}");
                r.Headers.Add("Forwarded", $"for=198.51.100.{number}");
                r.Headers.Add("X-Real-IP", $"198.51.100.{number}");
            });
    }

    private async Task<string> RegisterAsync()
    {
        var email = Unique.Email();
        (await Anonymous.PostAsync("/auth/register", new JsonObject { ["username"] = Unique.Name(), ["email"] = email, ["password"] = "a good password" })).ShouldBe(201);
        return email;
    }

    private Task<Answer> SignInAsync(string email, string password) => Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = password });
}
