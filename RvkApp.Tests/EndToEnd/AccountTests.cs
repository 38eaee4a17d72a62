using System.Text.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Register, sign in, profile.</summary>
public abstract class AccountTests(SharedSchool school) : EndToEndTest(school)
{
    private static JsonObject NewAccount(string? email = null) => new()
    {
        ["username"] = Unique.Name(),
        ["email"] = email ?? Unique.Email(),
        ["password"] = "a good password",
    };

    [Fact]
    public async Task Who_registers_is_signed_in_as_a_user()
    {
        var account = NewAccount();

        var answer = (await Anonymous.PostAsync("/auth/register", account)).ShouldBe(201);

        var user = answer.Json.GetProperty("user");
        Assert.Matches("^[0-9a-f]{24}$", user.GetProperty("id").GetString());
        Assert.Equal((string)account["username"]!, user.GetProperty("username").GetString());
        Assert.Equal((string)account["email"]!, user.GetProperty("email").GetString());
        Assert.Equal("user", user.GetProperty("role").GetString());
        HasNoPassword(answer.Json);

        using var client = School.CreateClient(Role.Anonymous).WithToken(answer.Json.GetProperty("token").GetString()!);
        var profile = (await client.GetAnswerAsync("/auth/profile")).ShouldBe(200);
        Assert.Equal(user.GetProperty("id").GetString(), profile.Json.GetProperty("id").GetString());
        Assert.Equal((string)account["email"]!, profile.Json.GetProperty("email").GetString());
        HasNoPassword(profile.Json);
    }

    [Fact]
    public async Task Who_registered_signs_in_with_the_email_in_any_case()
    {
        var email = Unique.Email();
        (await Anonymous.PostAsync("/auth/register", NewAccount($"  {email.ToUpperInvariant()} "))).ShouldBe(201);

        var answer = (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = $" {email.ToUpperInvariant()}", ["password"] = "a good password" })).ShouldBe(200);

        Assert.Equal(email, answer.Json.GetProperty("user").GetProperty("email").GetString());
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("token").GetString()));
        HasNoPassword(answer.Json);
    }

    [Fact]
    public async Task A_token_says_who_and_for_whom_and_until_when()
    {
        var answer = (await Anonymous.PostAsync("/auth/register", NewAccount())).ShouldBe(201);

        var parts = answer.Json.GetProperty("token").GetString()!.Split('.');
        Assert.Equal("HS256", JsonElement.Parse(Jwt.Decode(parts[0])).GetProperty("alg").GetString());
        var claims = JsonElement.Parse(Jwt.Decode(parts[1]));
        Assert.Equal(answer.Json.GetProperty("user").GetProperty("id").GetString(), claims.GetProperty("sub").GetString());
        Assert.Equal("user", claims.GetProperty("role").GetString());
        Assert.Equal("rvkapp", claims.GetProperty("iss").GetString());
        Assert.Equal("rvkapp-api", claims.GetProperty("aud").GetString());
        Assert.False(string.IsNullOrEmpty(claims.GetProperty("jti").GetString()));
        Assert.Equal(TimeSpan.FromHours(8).TotalSeconds, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_account_get_the_same_answer()
    {
        var account = NewAccount();
        (await Anonymous.PostAsync("/auth/register", account)).ShouldBe(201);

        var wrong = (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = (string)account["email"]!, ["password"] = "not the password" })).ShouldBeProblem(401);
        var unknown = (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = Unique.Email(), ["password"] = "not the password" })).ShouldBeProblem(401);

        Assert.Equal(Shown(wrong), Shown(unknown));
        Assert.NotNull(wrong.Header("WWW-Authenticate"));

        static string Shown(Answer answer)
        {
            var body = JsonNode.Parse(answer.Text)!.AsObject();
            body.Remove("traceId");
            return body.ToJsonString();
        }
    }

    [Theory]
    [InlineData("email")]
    [InlineData("username")]
    public async Task A_name_that_is_taken_in_any_case_is_409(string field)
    {
        var first = NewAccount();
        (await Anonymous.PostAsync("/auth/register", first)).ShouldBe(201);

        var second = NewAccount();
        second[field] = ((string)first[field]!).ToUpperInvariant();

        var answer = (await Anonymous.PostAsync("/auth/register", second)).ShouldBeProblem(409);
        Assert.Contains(field, answer.Json.GetProperty("detail").GetString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Role.Anonymous)]
    [InlineData(Role.User)]
    public async Task Only_an_admin_makes_an_admin(Role role)
    {
        var account = NewAccount();
        account["role"] = "admin";

        (await Client(role).PostAsync("/auth/register", account)).ShouldBeProblem(403);

        (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = (string)account["email"]!, ["password"] = (string)account["password"]! })).ShouldBeProblem(401);
    }

    [Fact]
    public async Task An_admin_who_was_made_by_an_admin_is_one()
    {
        var account = NewAccount();
        account["role"] = "admin";

        var answer = (await Admin.PostAsync("/auth/register", account)).ShouldBe(201);

        Assert.Equal("admin", answer.Json.GetProperty("user").GetProperty("role").GetString());
        using var client = School.CreateClient(Role.Anonymous).WithToken(answer.Json.GetProperty("token").GetString()!);
        await Entity.Courses.CreateAsync(client);
    }

    [Fact]
    public async Task A_password_is_compared_to_its_last_character()
    {
        var account = NewAccount();
        var email = (string)account["email"]!;
        account["password"] = new string('p', 99) + "1";
        (await Anonymous.PostAsync("/auth/register", account)).ShouldBe(201);

        // bcrypt itself looks at 72 bytes only.
        (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = new string('p', 99) + "2" })).ShouldBeProblem(401);
        (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = new string('p', 99) + "1" })).ShouldBe(200);
    }

    [Fact]
    public async Task A_password_is_taken_as_it_is()
    {
        var account = NewAccount();
        var email = (string)account["email"]!;
        account["password"] = "  пароль 🔑 with spaces ";
        (await Anonymous.PostAsync("/auth/register", account)).ShouldBe(201);

        (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = "пароль 🔑 with spaces" })).ShouldBeProblem(401);
        (await Anonymous.PostAsync("/auth/login", new JsonObject { ["email"] = email, ["password"] = "  пароль 🔑 with spaces " })).ShouldBe(200);
    }

    [Fact]
    public async Task Only_a_hash_of_the_password_is_stored()
    {
        var account = NewAccount();
        account["password"] = "unmistakable-password";
        (await Anonymous.PostAsync("/auth/register", account)).ShouldBe(201);

        var stored = await School.Collection("users").Find(new BsonDocument("email", (string)account["email"]!)).SingleAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain("unmistakable-password", stored.ToString(), StringComparison.Ordinal);
        Assert.Contains(stored.Values, value => value.IsString && value.AsString.StartsWith("$2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_who_was_deleted_loses_access_at_once()
    {
        var account = NewAccount();
        account["role"] = "admin";
        var answer = (await Admin.PostAsync("/auth/register", account)).ShouldBe(201);
        using var client = School.CreateClient(Role.Anonymous).WithToken(answer.Json.GetProperty("token").GetString()!);
        await Entity.Courses.CreateAsync(client);

        await School.Collection("users").DeleteOneAsync(new BsonDocument("email", (string)account["email"]!), TestContext.Current.CancellationToken);

        (await client.PostAsync("/courses", Entity.Courses.NewBody())).ShouldBeProblem(401);
    }

    [Fact]
    public async Task An_admin_who_became_a_user_loses_access_at_once()
    {
        var account = NewAccount();
        account["role"] = "admin";
        var answer = (await Admin.PostAsync("/auth/register", account)).ShouldBe(201);
        using var client = School.CreateClient(Role.Anonymous).WithToken(answer.Json.GetProperty("token").GetString()!);
        await Entity.Courses.CreateAsync(client);

        await School.Collection("users").UpdateOneAsync(
            new BsonDocument("email", (string)account["email"]!),
            Builders<BsonDocument>.Update.Set("role", "user"),
            cancellationToken: TestContext.Current.CancellationToken);

        var refused = await client.PostAsync("/courses", Entity.Courses.NewBody());
        Assert.True(refused.Status is 401 or 403, refused.ToString());
        refused.ShouldBeProblem(refused.Status);
    }

    private static void HasNoPassword(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Assert.DoesNotContain("password", member.Name, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("hash", member.Name, StringComparison.OrdinalIgnoreCase);
                HasNoPassword(member.Value);
            }
        }
    }
}
