using System.Text.Json.Nodes;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>Only a token that this API could have made opens anything (RFC 8725).</summary>
public abstract class TokenTests(SharedSchool school) : EndToEndTest(school)
{
    private static readonly Dictionary<string, Func<JsonObject, string>> Forgeries = new()
    {
        ["algorithm none"] = claims => Jwt.Sign(claims, algorithm: "none"),
        ["algorithm none, with the signature of HS256"] = claims =>
        {
            var signed = Jwt.Sign(claims).Split('.');
            return $"{Jwt.Encode("""{"alg":"none","typ":"JWT"}""")}.{signed[1]}.{signed[2]}";
        },
        ["algorithm None in another case"] = claims => Jwt.Sign(claims, algorithm: "nOnE"),
        ["another algorithm with the right key: HS384"] = claims => Jwt.Sign(claims, algorithm: "HS384"),
        ["another algorithm with the right key: HS512"] = claims => Jwt.Sign(claims, algorithm: "HS512"),
        ["a wrong key"] = claims => Jwt.Sign(claims, key: "another-key-of-the-same-length-0123456789abcdefghijklmnopqrstuv"),
        ["the first 32 bytes of the key"] = claims => Jwt.Sign(claims, key: SchoolApp.SigningKey[..32]),
        ["no signature"] = claims => Jwt.Sign(claims).Split('.') is [var header, var payload, _] ? $"{header}.{payload}." : throw new InvalidOperationException(),
        ["two parts"] = claims => Jwt.Sign(claims).Split('.') is [var header, var payload, _] ? $"{header}.{payload}" : throw new InvalidOperationException(),
        ["a wrong issuer"] = claims => Jwt.Sign(With(claims, "iss", "someone-else")),
        ["no issuer"] = claims => Jwt.Sign(With(claims, "iss", null)),
        ["a wrong audience"] = claims => Jwt.Sign(With(claims, "aud", "another-api")),
        ["no audience"] = claims => Jwt.Sign(With(claims, "aud", null)),
        ["expired"] = claims => Jwt.Sign(With(claims, "exp", DateTimeOffset.UtcNow.AddMinutes(-10).ToUnixTimeSeconds())),
        ["no expiry"] = claims => Jwt.Sign(With(claims, "exp", null)),
        ["not valid yet"] = claims => Jwt.Sign(With(claims, "nbf", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds())),
        ["no subject"] = claims => Jwt.Sign(With(claims, "sub", null)),
        ["a subject that is no id"] = claims => Jwt.Sign(With(claims, "sub", """{"$ne":null}""")),
        ["a tampered payload"] = claims =>
        {
            var signed = Jwt.Sign(With(claims, "role", "user")).Split('.');
            return $"{signed[0]}.{Jwt.Encode(With(claims, "role", "admin").ToJsonString())}.{signed[2]}";
        },
        ["garbage"] = _ => "garbage",
        ["empty parts"] = _ => "..",
    };

    public static TheoryData<string> Names => new(Forgeries.Keys);

    [Fact]
    public async Task A_token_made_as_the_contract_says_is_accepted()
    {
        using var client = School.CreateClient(Role.Anonymous).WithToken(Jwt.Sign(await AdminClaimsAsync()));

        (await client.GetAnswerAsync("/auth/profile")).ShouldBe(200);
        await Entity.Courses.CreateAsync(client);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_token_that_is_not_in_order_is_401(string forgery)
    {
        var token = Forgeries[forgery](await AdminClaimsAsync());
        using var client = School.CreateClient(Role.Anonymous);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");

        var read = await client.GetAnswerAsync("/students");
        var write = await client.PostAsync("/courses", Entity.Courses.NewBody());

        read.ShouldBeProblem(401);
        write.ShouldBeProblem(401);
        Assert.StartsWith("Bearer", read.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_role_in_the_token_does_not_outrank_the_one_in_the_database()
    {
        var user = (await User.GetAnswerAsync("/auth/profile")).Json.GetProperty("id").GetString()!;
        using var client = School.CreateClient(Role.Anonymous).WithToken(Jwt.Sign(Jwt.Claims(user, "admin")));

        var answer = await client.PostAsync("/courses", Entity.Courses.NewBody());

        Assert.True(answer.Status is 401 or 403, answer.ToString());
    }

    [Theory]
    [InlineData("POST", "/courses", """{"credits":"many"}""")]
    [InlineData("POST", "/courses", "{not json")]
    [InlineData("POST", "/courses", "")]
    [InlineData("PUT", "/students/not-an-id", """{"age":1000}""")]
    [InlineData("POST", "/teachers/not-an-id/enroll", "{}")]
    public async Task Who_is_no_admin_any_more_is_told_that_and_not_what_is_wrong_with_the_body(string method, string path, string body)
    {
        var user = (await User.GetAnswerAsync("/auth/profile")).Json.GetProperty("id").GetString()!;
        using var client = School.CreateClient(Role.Anonymous).WithToken(Jwt.Sign(Jwt.Claims(user, "admin")));

        (await client.SendTextAsync(new HttpMethod(method), path, body)).ShouldBeProblem(403);
    }

    [Theory]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Token abc")]
    public async Task Another_scheme_is_401(string authorization)
    {
        using var client = School.CreateClient(Role.Anonymous);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        (await client.GetAnswerAsync("/auth/profile")).ShouldBeProblem(401);
    }

    [Fact]
    public async Task A_token_in_the_query_counts_for_nothing()
    {
        var token = Jwt.Sign(await AdminClaimsAsync());

        (await Anonymous.GetAnswerAsync($"/students?access_token={token}&token={token}")).ShouldBeProblem(401);
    }

    private async Task<JsonObject> AdminClaimsAsync()
    {
        var profile = (await Admin.GetAnswerAsync("/auth/profile")).ShouldBe(200);
        return Jwt.Claims(profile.Json.GetProperty("id").GetString()!, "admin");
    }

    private static JsonObject With(JsonObject claims, string name, JsonNode? value)
    {
        var copy = claims.DeepClone().AsObject();
        copy.Remove(name);
        if (value is not null)
        {
            copy[name] = value;
        }

        return copy;
    }
}
