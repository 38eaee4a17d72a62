using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Who may call what: every row of the contract's table, for every role.</summary>
public abstract class AuthorizationTests(SharedSchool school) : EndToEndTest(school)
{
    private const string NoId = "000000000000000000000000";

    /// <summary>Method, path, and whether an admin is needed (else any signed-in user will do).</summary>
    public static TheoryData<string, string, bool> ProtectedRoutes
    {
        get
        {
            var routes = new TheoryData<string, string, bool> { { "GET", "/auth/profile", false } };
            foreach (var entity in Entity.All)
            {
                routes.Add("GET", entity.Path, false);
                routes.Add("GET", $"{entity.Path}/{NoId}", false);
                routes.Add("POST", entity.Path, true);
                routes.Add("PUT", $"{entity.Path}/{NoId}", true);
                routes.Add("DELETE", $"{entity.Path}/{NoId}", true);
            }

            foreach (var people in (string[])["students", "teachers"])
            {
                routes.Add("POST", $"/{people}/{NoId}/enroll", true);
                routes.Add("POST", $"/{people}/{NoId}/unenroll", true);
            }

            return routes;
        }
    }

    [Theory]
    [MemberData(nameof(ProtectedRoutes))]
    public async Task Without_a_token_it_is_401_with_a_challenge(string method, string path, bool forAdmins)
    {
        _ = forAdmins;
        var answer = await SendAsync(Anonymous, method, path);

        answer.ShouldBeProblem(401);
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ProtectedRoutes))]
    public async Task A_user_may_read_and_only_read(string method, string path, bool forAdmins)
    {
        var answer = await SendAsync(User, method, path);

        if (forAdmins)
        {
            answer.ShouldBeProblem(403);
        }
        else
        {
            Assert.True(answer.Status is 200 or 404, answer.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(ProtectedRoutes))]
    public async Task An_admin_may_do_all(string method, string path, bool forAdmins)
    {
        _ = forAdmins;
        var answer = await SendAsync(Admin, method, path);

        // The body is empty and the id belongs to nothing: what matters is that it got past authorization.
        Assert.True(answer.Status is 200 or 400 or 404, answer.ToString());
    }

    [Theory]
    [MemberData(nameof(Entity.Names), MemberType = typeof(Entity))]
    public async Task A_refused_user_changes_nothing(string name)
    {
        var entity = Entity.Of(name);
        var created = await entity.CreateAsync(Admin);
        var path = $"{entity.Path}/{(string)created["id"]!}";
        var field = name == "courses" ? "title" : "name";

        (await User.PutAsync(path, new JsonObject { [field] = "changed by a user" })).ShouldBeProblem(403);
        (await User.DeleteAnswerAsync(path)).ShouldBeProblem(403);

        var now = (await Admin.GetAnswerAsync(path)).ShouldBe(200);
        Assert.Equal((string)created[field]!, now.Json.GetProperty(field).GetString());
    }

    private static Task<Answer> SendAsync(HttpClient client, string method, string path)
        => client.SendAsync(new HttpMethod(method), path, method is "POST" or "PUT" ? HttpClientExtensions.Json(new JsonObject()) : null);
}
