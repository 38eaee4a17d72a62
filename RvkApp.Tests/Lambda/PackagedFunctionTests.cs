using System.Text.Json.Nodes;
using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using RvkApp.Tests.Aot;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>
/// The packages that are deployed, started as Lambda starts them, under a Runtime API, with secrets from Parameter Store and a database: what is
/// deployed is this API. The native package takes minutes to build; <c>-trait- Category=NativeAot</c> leaves it out.
/// </summary>
public sealed class PackagedFunctionTests(NativePublication native, ReadyToRunPublication readyToRun)
{
    private const string AdminEmail = "admin@school.example";
    private const string AdminPassword = "admin password of the function";
    private const string MongoPassword = "p@ss/w:rd%&";

    [Fact]
    [Trait("Category", "NativeAot")]
    public async Task The_native_package_is_this_api()
    {
        Assert.SkipWhen(native.SkipReason is not null, native.SkipReason ?? "");
        await ServeAsync(await native.ExecutableAsync(), []);
    }

    [Fact]
    public async Task The_ready_to_run_package_is_this_api()
        => await ServeAsync("dotnet", ["exec", Path.Combine((await readyToRun.UnpackedAsync()).Directory, $"{readyToRun.Package.Handler}.dll")]);

    private static async Task ServeAsync(string fileName, string[] arguments)
    {
        using var data = new TemporaryDirectory();
        await using var mongo = await MongoProcess.StartAsync(data.Path, MongoPassword);
        await using var store = await ParameterStore.StartAsync();
        store.Secrets["mongo"] = MongoPassword;
        store.Secrets["jwt"] = Guid.NewGuid().ToString("N");
        store.Secrets["admin"] = AdminPassword;
        await using var runtime = await RuntimeApiServer.StartAsync();

        var environment = store.Environment();
        environment["Mongo__Host"] = "127.0.0.1";
        environment["Mongo__Port"] = mongo.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        environment["Mongo__Database"] = "school";
        environment["Mongo__UserName"] = MongoProcess.User;
        environment["Secrets__MongoPassword"] = ParameterStore.Arn("mongo");
        environment["Secrets__JwtSigningKey"] = ParameterStore.Arn("jwt");
        environment["Secrets__AdminPassword"] = ParameterStore.Arn("admin");
        environment["Admin__Email"] = AdminEmail;
        await using var function = FunctionProcess.Start(fileName, arguments, runtime, environment);
        await function.StartedAsync(runtime);

        var client = new FunctionClient(runtime);
        await UseAsync(client);
        Assert.DoesNotContain(MongoPassword, function.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(AdminPassword, function.Output, StringComparison.Ordinal);

        function.Terminate();
        Assert.Equal(0, await function.ExitedAsync().WaitAsync(RuntimeApiServer.Patience, TestContext.Current.CancellationToken));
    }

    private static async Task UseAsync(FunctionClient client)
    {
        await client.SignInAsync(AdminEmail, AdminPassword);
        Assert.Equal("Healthy", (await client.SendAsync("GET", "/health")).ShouldBe(200)["status"]!.GetValue<string>());
        Assert.Equal("admin", (await client.SendAsync("GET", "/auth/profile")).ShouldBe(200)["role"]!.GetValue<string>());

        var course = (await client.SendAsync("POST", "/courses", new JsonObject { ["title"] = "Größe 😀", ["code"] = "cs1", ["credits"] = 5 })).ShouldBe(201);
        var courseId = course["id"]!.GetValue<string>();
        (await client.SendAsync("POST", "/courses", new JsonObject { ["title"] = "Other", ["code"] = "CS1", ["credits"] = 5 })).ShouldBe(409);
        foreach (var kind in new[] { "students", "teachers" })
        {
            var created = await client.SendAsync("POST", $"/{kind}", new JsonObject { ["name"] = "Ada Bell", ["email"] = $"ada@{kind}.example", ["age"] = 30 });
            var path = $"/{kind}/{created.ShouldBe(201)["id"]!.GetValue<string>()}";
            Assert.Equal(path, created.Result.Header("Location"));
            Assert.Equal("Ada Ito", (await client.SendAsync("PUT", path, new JsonObject { ["name"] = "Ada Ito" })).ShouldBe(200)["name"]!.GetValue<string>());
            var enrolled = (await client.SendAsync("POST", $"{path}/enroll", new JsonObject { ["courseId"] = courseId })).ShouldBe(200);
            Assert.Equal("Größe 😀", enrolled["courses"]![0]!["title"]!.GetValue<string>());
            Assert.Single((await client.SendAsync("GET", $"/{kind}", query: "page=1&limit=1")).ShouldBe(200).AsArray());
            Assert.Empty((await client.SendAsync("POST", $"{path}/unenroll", new JsonObject { ["courseId"] = courseId })).ShouldBe(200)["courses"]!.AsArray());
            (await client.SendAsync("DELETE", path)).ShouldBeStatus(204);
            (await client.SendAsync("GET", path)).ShouldBe(404);
        }

        (await client.SendAsync("POST", "/courses", new JsonObject { ["credits"] = "many" })).ShouldBe(400);
        (await client.SendAsync("DELETE", $"/courses/{courseId}")).ShouldBeStatus(204);
        (await client.SendAsync("GET", "/nowhere")).ShouldBe(404);
        Assert.Equal("", (await client.SendAsync("HEAD", "/students")).ShouldBeStatus(200).Body);
        Assert.Equal("3.1.1", (await client.SendAsync("GET", "/openapi/v1.json")).ShouldBe(200)["openapi"]!.GetValue<string>());
        Assert.Contains("<html", (await client.SendAsync("GET", "/api-docs/")).ShouldBeStatus(200).Body, StringComparison.OrdinalIgnoreCase);

        // Sign-ins are counted by the address that API Gateway reports, not by the gateway's own.
        client.Token = null;
        for (var failure = 0; failure < 9; failure++)
        {
            (await client.SendAsync("POST", "/auth/login", WrongPassword())).ShouldBe(401);
        }

        (await client.SendAsync("POST", "/auth/login", WrongPassword())).ShouldBe(401);
        (await client.SendAsync("POST", "/auth/login", WrongPassword())).ShouldBe(429);
        client.SourceIp = "198.51.100.9";
        (await client.SendAsync("POST", "/auth/login", WrongPassword())).ShouldBe(401);
    }

    private static JsonObject WrongPassword() => new() { ["email"] = AdminEmail, ["password"] = "not the password" };
}
