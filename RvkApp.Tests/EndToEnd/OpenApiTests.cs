using System.Text.Json;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.EndToEnd;

/// <summary>The document at /openapi/v1.json says all that the contract says.</summary>
public abstract class OpenApiTests(SharedSchool school) : EndToEndTest(school)
{
    private static readonly string[] Reads = ["200", "400", "401", "503"];
    private static readonly string[] ReadsOne = ["200", "400", "401", "404", "503"];
    private static readonly string[] Creates = ["201", "400", "401", "403", "409", "413", "415", "503"];
    private static readonly string[] Changes = ["200", "400", "401", "403", "404", "409", "413", "415", "503"];
    private static readonly string[] Deletes = ["204", "400", "401", "403", "404", "503"];
    private static readonly string[] Enrols = ["200", "400", "401", "403", "404", "413", "415", "503"];

    /// <summary>Method, path, the codes it can answer with.</summary>
    public static TheoryData<string, string, string[]> Routes
    {
        get
        {
            var routes = new TheoryData<string, string, string[]>
            {
                { "get", "/", ["200"] },
                { "get", "/alive", ["200"] },
                { "get", "/health", ["200", "503"] },
                { "post", "/auth/register", ["201", "400", "403", "409", "413", "415", "503"] },
                { "post", "/auth/login", ["200", "400", "401", "413", "415", "429", "503"] },
                { "get", "/auth/profile", ["200", "401", "503"] },
            };
            foreach (var entity in Entity.All)
            {
                routes.Add("get", entity.Path, Reads);
                routes.Add("get", $"{entity.Path}/{{id}}", ReadsOne);
                routes.Add("post", entity.Path, Creates);
                routes.Add("put", $"{entity.Path}/{{id}}", Changes);
                routes.Add("delete", $"{entity.Path}/{{id}}", Deletes);
            }

            foreach (var people in (string[])["students", "teachers"])
            {
                routes.Add("post", $"/{people}/{{id}}/enroll", Enrols);
                routes.Add("post", $"/{people}/{{id}}/unenroll", Enrols);
            }

            return routes;
        }
    }

    private async Task<JsonElement> DocumentAsync() => (await Anonymous.GetAnswerAsync("/openapi/v1.json")).ShouldBe(200).Json;

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Every_route_is_there_with_every_code(string method, string path, string[] codes)
    {
        var document = await DocumentAsync();

        var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method);

        var documented = operation.GetProperty("responses").EnumerateObject().Select(r => r.Name).ToArray();
        Assert.Empty(codes.Except(documented));
        Assert.False(string.IsNullOrEmpty(operation.GetProperty("summary").GetString()));
        Assert.False(string.IsNullOrEmpty(operation.GetProperty("operationId").GetString()));
        foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(r => r.Name[0] is '4' or '5' && path is not "/health"))
        {
            Assert.True(response.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{method} {path} {response.Name} is no problem");
        }
    }

    [Fact]
    public async Task Nothing_is_there_that_the_contract_does_not_have()
    {
        var document = await DocumentAsync();

        var documented = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(m => $"{m.Name} {p.Name}"));

        Assert.Empty(documented.Except(Routes.Select(r => $"{r.Data.Item1} {r.Data.Item2}")));
    }

    [Fact]
    public async Task It_is_openapi_3_1_with_the_bearer_scheme()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var scheme = document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Single().Value;
        Assert.Equal("http", scheme.GetProperty("type").GetString());
        Assert.Equal("bearer", scheme.GetProperty("scheme").GetString());
    }

    [Theory]
    [InlineData("get", "/auth/profile", true)]
    [InlineData("post", "/students", true)]
    [InlineData("get", "/courses", true)]
    [InlineData("post", "/teachers/{id}/enroll", true)]
    [InlineData("post", "/auth/login", false)]
    [InlineData("get", "/health", false)]
    public async Task A_route_asks_for_the_bearer_scheme_if_it_needs_it(string method, string path, bool secured)
    {
        var document = await DocumentAsync();

        var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method);

        Assert.Equal(secured, operation.TryGetProperty("security", out var security) && security.GetArrayLength() > 0);
    }

    [Fact]
    public async Task Every_body_has_an_example()
    {
        var document = await DocumentAsync();

        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Value.TryGetProperty("requestBody", out _)))
            {
                var content = operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
                Assert.True(HasExample(document, content), $"{operation.Name} {path.Name} has no example");
            }
        }
    }

    private static bool HasExample(JsonElement document, JsonElement content)
    {
        if (content.TryGetProperty("example", out _) || content.TryGetProperty("examples", out _))
        {
            return true;
        }

        var schema = content.GetProperty("schema");
        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        return schema.TryGetProperty("example", out _) || schema.TryGetProperty("examples", out _);
    }
}
