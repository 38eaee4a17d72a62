using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Aot;

/// <summary>
/// The API as a native binary: what only reflection or code generation at run time would make work fails here. The publication takes minutes;
/// <c>-trait- Category=NativeAot</c> leaves these tests out.
/// </summary>
[Trait("Category", "NativeAot")]
public sealed partial class NativeApiTests(NativePublication publication) : IAsyncLifetime
{
    private const string AdminEmail = "admin@school.example";
    private const string AdminPassword = "native admin password";
    private const string MongoPassword = "secret";

    // Known and understood: docs/decisions/0004-native-aot.md
    private static readonly string[] ExpectedWarnings = ["MongoDB.Bson: IL2104", "MongoDB.Bson: IL3053", "MongoDB.Driver: IL2104", "MongoDB.Driver: IL3053"];

    private readonly string _data = Directory.CreateTempSubdirectory("rvkapp-aot-mongo-").FullName;

    public ValueTask InitializeAsync()
    {
        if (publication.SkipReason is { } reason)
        {
            Assert.Skip(reason);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Publishing_warns_of_nothing_but_the_driver()
    {
        var warnings = (await publication.UnpackedAsync()).Diagnostics
            .Select(line => Warning().Match(line) is { Success: true } match ? $"{match.Groups["assembly"].Value}: {match.Groups["code"].Value}" : line);
        Assert.Equal(ExpectedWarnings, warnings.Distinct().Order());
    }

    [Fact]
    public async Task The_binary_refuses_a_wrong_configuration_with_one_sentence()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => StartApiAsync("mongodb://127.0.0.1:1/school", ("Jwt__SigningKey", "short")));
        Assert.Contains("RvkApp.Api cannot start: Jwt:SigningKey has 5 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_database_the_binary_answers_what_needs_none()
    {
        await using var api = await StartApiAsync("mongodb://127.0.0.1:1/school");
        using var client = Client(api);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/alive", Cancellation)).StatusCode);
        Assert.Equal("running", (await Json(await client.GetAsync("/", Cancellation), HttpStatusCode.OK))["status"]!.GetValue<string>());
        Assert.Equal("3.1.1", (await Json(await client.GetAsync("/openapi/v1.json", Cancellation), HttpStatusCode.OK))["openapi"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api-docs/", Cancellation)).StatusCode);
        await Problem(await client.GetAsync("/students", Cancellation), HttpStatusCode.Unauthorized);
        await Problem(await client.GetAsync("/nowhere", Cancellation), HttpStatusCode.NotFound);
        await Problem(await client.GetAsync("/health", Cancellation), HttpStatusCode.ServiceUnavailable);
        await Problem(await PostAsync(client, "/auth/login", new JsonObject { ["email"] = AdminEmail, ["password"] = AdminPassword }), HttpStatusCode.ServiceUnavailable);

        var errors = (await Problem(await PostAsync(client, "/auth/register", new JsonObject { ["username"] = "x" }), HttpStatusCode.BadRequest))["errors"]!;
        Assert.NotNull(errors["username"]);
        Assert.NotNull(errors["email"]);
        Assert.NotNull(errors["password"]);
    }

    [Fact]
    public async Task The_binary_serves_the_whole_api()
    {
        await using var mongo = await MongoProcess.StartAsync(_data, MongoPassword);
        await using var api = await StartApiAsync(MongoProcess.ConnectionString(mongo.Port, MongoPassword), ("Seed__Demo", "true"));
        using var client = Client(api);

        // Also gives the first request time: the gate holds it until indexes, admin and demo data are there.
        var signIn = await Json(await PostAsync(client, "/auth/login", new JsonObject { ["email"] = AdminEmail, ["password"] = AdminPassword }), HttpStatusCode.OK);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signIn["token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health", Cancellation)).StatusCode);
        Assert.Equal("admin", (await Json(await client.GetAsync("/auth/profile", Cancellation), HttpStatusCode.OK))["role"]!.GetValue<string>());

        var page = await client.GetAsync("/students?page=2&limit=50", Cancellation);
        Assert.Equal("200", Assert.Single(page.Headers.GetValues("X-Total-Count")));
        Assert.Equal(50, (await page.Content.ReadFromJsonAsync<JsonArray>(Cancellation))!.Count);
        await Problem(await client.GetAsync("/students?limit=101", Cancellation), HttpStatusCode.BadRequest);

        var course = await CreateAsync(client, "/courses", new JsonObject { ["title"] = "Compilers II", ["code"] = "cs331", ["credits"] = 5 });
        foreach (var kind in new[] { "students", "teachers" })
        {
            var person = await CreateAsync(client, $"/{kind}", new JsonObject { ["name"] = "Ada Bell", ["email"] = $"ada@{kind}.example", ["age"] = 30 });
            await Problem(
                await PostAsync(client, $"/{kind}", new JsonObject { ["name"] = "Ada Bell", ["email"] = $"ADA@{kind}.example", ["age"] = 30 }), HttpStatusCode.Conflict);

            var changed = await Json(await client.PutAsJsonAsync($"/{kind}/{person}", new JsonObject { ["name"] = "Ada Bell-Ito" }, Cancellation), HttpStatusCode.OK);
            Assert.Equal("Ada Bell-Ito", changed["name"]!.GetValue<string>());

            var enrolled = await Json(await PostAsync(client, $"/{kind}/{person}/enroll", new JsonObject { ["courseId"] = course }), HttpStatusCode.OK);
            Assert.Equal("CS331", enrolled["courses"]![0]!["code"]!.GetValue<string>());
            var unenrolled = await Json(await PostAsync(client, $"/{kind}/{person}/unenroll", new JsonObject { ["courseId"] = course }), HttpStatusCode.OK);
            Assert.Empty(unenrolled["courses"]!.AsArray());

            Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/{kind}/{person}", Cancellation)).StatusCode);
            await Problem(await client.GetAsync($"/{kind}/{person}", Cancellation), HttpStatusCode.NotFound);
        }

        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"/courses/{course}", Cancellation)).StatusCode);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<ServerProcess> StartApiAsync(string connectionString, params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ConnectionStrings__school"] = connectionString,
            ["Jwt__SigningKey"] = Guid.NewGuid().ToString("N"),
            ["Admin__Email"] = AdminEmail,
            ["Admin__Password"] = AdminPassword,
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return await ServerProcess.StartAsync(await publication.ExecutableAsync(), [], environment, ListeningApi());
    }

    private static HttpClient Client(ServerProcess api) => new() { BaseAddress = new Uri($"http://127.0.0.1:{api.Port}"), Timeout = TimeSpan.FromSeconds(30) };

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path, JsonObject body) => client.PostAsJsonAsync(path, body, Cancellation);

    private static async Task<string> CreateAsync(HttpClient client, string path, JsonObject body)
    {
        var response = await PostAsync(client, path, body);
        var id = (await Json(response, HttpStatusCode.Created))["id"]!.GetValue<string>();
        Assert.Equal($"{path}/{id}", response.Headers.Location!.OriginalString);
        return id;
    }

    private static async Task<JsonNode> Problem(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await Json(response, status);
        Assert.Equal((int)status, problem["status"]!.GetValue<int>());
        Assert.NotEmpty(problem["traceId"]!.GetValue<string>());
        return problem;
    }

    private static async Task<JsonNode> Json(HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == status, $"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri}: {response.StatusCode}, not {status}: {body}");
        return JsonNode.Parse(body)!;
    }

    // …/MongoDB.Driver.dll : warning IL3053: Assembly 'MongoDB.Driver' produced AOT analysis warnings. […]
    [GeneratedRegex(@"warning (?<code>IL\d+): Assembly '(?<assembly>[^']+)'")]
    private static partial Regex Warning();

    // Now listening on: http://127.0.0.1:41234
    [GeneratedRegex(@"Now listening on: http://127\.0\.0\.1:(\d+)")]
    private static partial Regex ListeningApi();
}
