using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class WithReferenceTests
{
    [Fact]
    public async Task A_connection_string_comes_with_its_properties()
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddResource(new StoreResource("main-store")).WithEndpoint(name: "tcp").WithConnectionProperty("Region", "eu");
        store.Allocate("tcp", 7000);

        var environment = await ModelBuilder.EnvironmentOf(builder.AddProgram("program").WithReference(store));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["ConnectionStrings__main-store"] = "store://localhost:7000",
                ["MAIN_STORE_HOST"] = "localhost",
                ["MAIN_STORE_PORT"] = "7000",
                ["MAIN_STORE_REGION"] = "eu",
            },
            environment);
    }

    [Fact]
    public async Task A_connection_string_can_be_given_under_another_name()
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddResource(new StoreResource("store")).WithEndpoint(name: "tcp");
        store.Allocate("tcp", 7000);

        var environment = await ModelBuilder.EnvironmentOf(builder.AddProgram("program").WithReference(store, connectionName: "Main"));

        Assert.Equal("store://localhost:7000", environment["ConnectionStrings__Main"]);
        Assert.Equal("localhost", environment["MAIN_HOST"]);
    }

    [Fact]
    public async Task A_missing_connection_string_is_an_error_unless_it_is_optional()
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddConnectionString("store");

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => ModelBuilder.EnvironmentOf(builder.AddProgram("a").WithReference(store)));
        Assert.Contains("ConnectionStrings:store", exception.Message);
        Assert.Empty(await ModelBuilder.EnvironmentOf(builder.AddProgram("b").WithReference(store, optional: true)));
    }

    [Fact]
    public async Task A_connection_string_may_insist_on_its_variable()
    {
        using var builder = ModelBuilder.With(("ConnectionStrings:store", "x"));

        Assert.Equal(
            new Dictionary<string, string> { ["STORE_URL"] = "x" },
            await ModelBuilder.EnvironmentOf(builder.AddProgram("a").WithReference(builder.AddConnectionString("store", "STORE_URL"))));
    }

    [Fact]
    public async Task A_connection_string_can_be_made_from_values()
    {
        using var builder = ModelBuilder.Run();
        var key = builder.AddParameter("key", "k");
        var one = builder.AddConnectionString("one", ReferenceExpression.Create($"Key={key}"));
        var two = builder.AddConnectionString("two", expression => expression.Append($"Key={key};2"));

        Assert.Equal("Key=k", await ((IResourceWithConnectionString)one.Resource).GetConnectionStringAsync(TestDeadline.Token()));
        Assert.Equal("Key=k;2", await ((IResourceWithConnectionString)two.Resource).GetConnectionStringAsync(TestDeadline.Token()));
        Assert.Equal("{one.connectionString}", ((IManifestExpressionProvider)one.Resource).ValueExpression);
    }

    [Fact]
    public async Task Endpoints_are_given_for_service_discovery_and_by_plain_names()
    {
        using var builder = ModelBuilder.Run();
        var api = builder.AddResource(new ProjectResource("my-api")).WithHttpEndpoint().WithHttpEndpoint(name: "admin").WithHttpEndpoint(name: "hidden").WithEndpoint("hidden", e => e.ExcludeReferenceEndpoint = true);
        api.Allocate("http", 1);
        api.Allocate("admin", 2);
        api.Allocate("hidden", 3);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["services__my-api__http__0"] = "http://localhost:1",
                ["services__my-api__admin__0"] = "http://localhost:2",
                ["MY_API_HTTP"] = "http://localhost:1",
                ["MY_API_ADMIN"] = "http://localhost:2",
            },
            await ModelBuilder.EnvironmentOf(builder.AddProgram("all").WithReference(api)));
        Assert.Equal(
            new Dictionary<string, string> { ["services__my-api__hidden__0"] = "http://localhost:3", ["MY_API_HIDDEN"] = "http://localhost:3" },
            await ModelBuilder.EnvironmentOf(builder.AddProgram("one").WithReference(api.GetEndpoint("hidden"))));
        Assert.Equal(
            "http://localhost:1",
            (await ModelBuilder.EnvironmentOf(builder.AddProgram("named").WithReference(api, "backend")))["services__backend__http__0"]);
    }

    [Theory]
    [InlineData(ReferenceEnvironmentInjectionFlags.None)]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionString, "ConnectionStrings__store")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ConnectionProperties, "STORE_HOST", "STORE_PORT")]
    [InlineData(ReferenceEnvironmentInjectionFlags.ServiceDiscovery, "services__api__http__0")]
    [InlineData(ReferenceEnvironmentInjectionFlags.Endpoints, "API_HTTP")]
    public async Task What_a_reference_gives_can_be_chosen(ReferenceEnvironmentInjectionFlags flags, params string[] expected)
    {
        using var builder = ModelBuilder.Run();
        var store = builder.AddResource(new StoreResource("store")).WithEndpoint(name: "tcp");
        var api = builder.AddResource(new ProjectResource("api")).WithHttpEndpoint();
        store.Allocate("tcp", 1);
        api.Allocate("http", 2);

        var environment = await ModelBuilder.EnvironmentOf(builder.AddProgram("program").WithReferenceEnvironment(flags).WithReference(store).WithReference(api));

        Assert.Equal(expected.Order(), environment.Keys.Order());
    }

    [Fact]
    public async Task An_external_service_is_given_by_its_scheme()
    {
        using var builder = ModelBuilder.With(("Parameters:url", "http://other.example/"));
        var fixedUrl = builder.AddExternalService("fixed", "https://one.example/");
        var byParameter = builder.AddExternalService("chosen", builder.AddParameter("url"));

        var environment = await ModelBuilder.EnvironmentOf(builder.AddProgram("program").WithReference(fixedUrl).WithReference(byParameter).WithReference("raw", new Uri("http://raw.example")));

        Assert.Equal("https://one.example/", environment["services__fixed__https__0"]);
        Assert.Equal("http://other.example/", environment["services__chosen__http__0"]);
        Assert.Equal("http://other.example/", environment["CHOSEN"]);
        Assert.Equal("http://raw.example/", environment["services__raw__default__0"]);
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("ftp://one.example/")]
    [InlineData("https://one.example/path")]
    [InlineData("https://one.example/?q=1")]
    public void An_external_service_needs_a_proper_url(string url)
    {
        using var builder = ModelBuilder.Run();
        Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => builder.AddExternalService("other", url)).Message);
    }

    [Fact]
    public void Connection_properties_combine_and_are_found_by_name()
    {
        var store = new StoreResource("store");
        var combined = store.CombineProperties([new("HOST", ReferenceExpression.Create($"other")), new("Extra", ReferenceExpression.Create($"x"))]).ToArray();

        Assert.Equal(["Extra", "Host", "Port"], combined.Select(p => p.Key).Order());
        Assert.Equal("other", combined.Single(p => p.Key == "Host").Value.Format);
        Assert.Equal("{store.bindings.tcp.port}", store.GetConnectionProperty("port").ValueExpression);
        Assert.Same(ReferenceExpression.Empty, store.GetConnectionProperty("none"));
    }
}
