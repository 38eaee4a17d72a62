using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Model;

public class EnvironmentTests
{
    [Fact]
    public async Task Every_kind_of_value_can_be_a_variable()
    {
        using var builder = ModelBuilder.With(("ConnectionStrings:store", "store://x"));
        var web = builder.AddProgram("web").WithHttpEndpoint();
        web.Allocate("http", 80);
        var key = builder.AddParameter("key", "k");
        var store = builder.AddConnectionString("store");
        var elsewhere = builder.AddExternalService("elsewhere", "https://example.org/");

        var program = builder.AddProgram("program")
            .WithEnvironment("TEXT", "text")
            .WithEnvironment("NOTHING", (string?)null)
            .WithEnvironment("INTERPOLATED", $"<{key}>")
            .WithEnvironment("EXPRESSION", ReferenceExpression.Create($"[{key}]"))
            .WithEnvironment("LATER", () => "later")
            .WithEnvironment("ENDPOINT", web.GetEndpoint("http"))
            .WithEnvironment("PART", web.GetEndpoint("http").Property(EndpointProperty.Port))
            .WithEnvironment("PARAMETER", key)
            .WithEnvironment("CONNECTION", store)
            .WithEnvironment("SERVICE", elsewhere)
            .WithEnvironment(context => context.EnvironmentVariables["CALLBACK"] = key.Resource)
            .WithEnvironment(async context =>
            {
                await Task.Yield();
                context.EnvironmentVariables["ASYNC"] = 3.5;
                context.EnvironmentVariables["BUILDER"] = key;
                context.EnvironmentVariables["BOOLEAN"] = true;
            });

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["TEXT"] = "text",
                ["NOTHING"] = "",
                ["INTERPOLATED"] = "<k>",
                ["EXPRESSION"] = "[k]",
                ["LATER"] = "later",
                ["ENDPOINT"] = "http://localhost:80",
                ["PART"] = "80",
                ["PARAMETER"] = "k",
                ["CONNECTION"] = "store://x",
                ["SERVICE"] = "https://example.org/",
                ["CALLBACK"] = "k",
                ["ASYNC"] = "3.5",
                ["BUILDER"] = "k",
                ["BOOLEAN"] = "True",
            },
            await ModelBuilder.EnvironmentOf(program));
    }

    [Fact]
    public async Task The_last_of_several_values_wins()
    {
        using var builder = ModelBuilder.Run();
        var program = builder.AddProgram("program").WithEnvironment("A", "1").WithEnvironment("A", "2");

        Assert.Equal("2", (await ModelBuilder.EnvironmentOf(program))["A"]);
    }

    [Fact]
    public async Task A_value_without_meaning_is_an_error_that_names_resource_and_variable()
    {
        using var builder = ModelBuilder.Run();
        var program = builder.AddProgram("program").WithEnvironment(context => context.EnvironmentVariables["ODD"] = new object());

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => ModelBuilder.EnvironmentOf(program));

        Assert.Contains("'ODD'", exception.Message);
        Assert.Contains("'program'", exception.Message);
    }

    [Fact]
    public async Task Publishing_sees_expressions_in_place_of_values()
    {
        using var builder = ModelBuilder.Publish();
        var key = builder.AddParameter("key", secret: true);
        var web = builder.AddProgram("web").WithHttpEndpoint();
        var program = builder.AddProgram("program").WithEnvironment("KEY", key).WithEnvironment("URL", $"{web.GetEndpoint("http")}/x");

        var environment = await ModelBuilder.EnvironmentOf(program, DistributedApplicationOperation.Publish);

        Assert.Equal("{key.value}", environment["KEY"]);
        Assert.Equal("{web.bindings.http.url}/x", environment["URL"]);
    }

    [Fact]
    public async Task Arguments_are_added_in_order_and_resolved()
    {
        using var builder = ModelBuilder.Run();
        var key = builder.AddParameter("key", "k");
        var program = builder.AddExecutable("program", "program", ".", "--first", "1")
            .WithArgs("--second")
            .WithArgs(key, 2, ReferenceExpression.Create($"x{key}"))
            .WithArgs(context => context.Args.Insert(0, "zero"))
            .WithArgs(async context =>
            {
                await Task.Yield();
                context.Args.Add(context.Resource.Name);
            });

        Assert.Equal(["zero", "--first", "1", "--second", "k", "2", "xk", "program"], await ModelBuilder.ArgumentsOf(program));
    }

    [Fact]
    public void A_value_of_another_resource_notes_the_relationship_to_it()
    {
        using var builder = ModelBuilder.Run();
        var key = builder.AddParameter("key", "k");
        var web = builder.AddProgram("web").WithHttpEndpoint();
        var program = builder.AddProgram("program").WithEnvironment("A", $"{web.GetEndpoint("http")}{key}").WithArgs(key, "x").WithEnvironment("OWN", "x");

        Assert.Equal(
            [("key", "Reference"), ("web", "Reference")],
            program.Resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(r => (r.Resource.Name, r.Type)).Order());
    }

    [Fact]
    public void Programs_are_found_relative_to_the_app_host()
    {
        using var builder = ModelBuilder.Run();
        var inTree = builder.AddExecutable("in-tree", "tools/run.sh", "../work").Resource;
        var onPath = builder.AddExecutable("on-path", "node", ".").WithWorkingDirectory("web").WithCommand("deno").Resource;

        Assert.Equal(Path.GetFullPath("tools/run.sh", builder.AppHostDirectory), inTree.Command);
        Assert.Equal(Path.GetFullPath("../work", builder.AppHostDirectory), inTree.WorkingDirectory);
        Assert.Equal("deno", onPath.Command);
        Assert.Equal(Path.GetFullPath("web", builder.AppHostDirectory), onPath.WorkingDirectory);
    }
}
