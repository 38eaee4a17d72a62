using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Tests.Processes;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

public class ProjectRunTests
{
    private static string BuiltActor => typeof(ProjectRunTests).Assembly.Location.Replace("Aspire.Hosting.Tests.dll", "Actor.dll", StringComparison.Ordinal);

    [Fact]
    public async Task A_project_runs_from_its_built_output_in_its_own_directory()
    {
        await using var host = new ActorHost();
        var directory = Directory.CreateDirectory(host.File("project"));
        host.Builder.AddProject("project", Path.Combine(directory.FullName, "project.csproj"))
            .WithAnnotation(new ProjectOutputAnnotation(BuiltActor))
            .WithArgs("env=PWD", "env=OTEL_SERVICE_NAME", "env=DOTNET_ENVIRONMENT", "env=ASPNETCORE_ENVIRONMENT", "env=ASPNETCORE_URLS", "print=up", "run")
            .WithHttpEndpoint();

        await host.StartAsync();
        await host.WaitForLineAsync("project", "up");

        var url = Aspire.Hosting.Testing.DistributedApplicationHostingTestingExtensions.GetEndpoint(host.Application, "project").ToString().TrimEnd('/');
        var environment = host.Builder.Environment.EnvironmentName;
        Assert.Equal(
            ["OTEL_SERVICE_NAME=project", $"DOTNET_ENVIRONMENT={environment}", $"ASPNETCORE_ENVIRONMENT={environment}", $"ASPNETCORE_URLS={url}", "up"],
            host.OutputOf("project").Skip(1));
        Assert.Contains(host.StateOf("project").Properties, p => p.Name == "executable.workDir" && Equals(p.Value, directory.FullName));
    }

    [Theory]
    [InlineData("Missing.dll", "is not built", "dotnet build")]
    [InlineData("Aspire.Hosting.dll", "builds a library", "OutputType Exe")]
    public async Task An_output_that_cannot_be_run_is_one_sentence(string output, string fault, string remedy)
    {
        await using var host = new ActorHost();
        host.Builder.AddProject("project", host.File("project.csproj")).WithAnnotation(new ProjectOutputAnnotation(Path.Combine(AppContext.BaseDirectory, output)));

        await host.StartAsync();

        var message = host.Outcome.ToException()!.Message;
        Assert.Contains("'project'", message);
        Assert.Contains(fault, message);
        Assert.Contains(remedy, message);
        Assert.Contains(host.File("project.csproj"), message);
    }

    [Fact]
    public async Task A_project_that_does_not_exist_is_one_sentence()
    {
        await using var host = new ActorHost();
        host.Builder.AddProject("project", "no/such/project.csproj");

        await host.StartAsync();

        Assert.Contains("The project of resource 'project' does not exist", host.Outcome.ToException()!.Message);
    }

    [Fact]
    public async Task A_launch_profile_brings_endpoints_environment_and_arguments()
    {
        using var directory = new TemporaryDirectory();
        WriteProfiles(directory, """
            {
              // Comments are allowed.
              "profiles": {
                "iis": { "commandName": "IISExpress" },
                "web": {
                  "commandName": "Project",
                  "applicationUrl": "http://localhost:5001;http://127.0.0.1:5002;https://localhost:5003",
                  "launchUrl": "docs",
                  "commandLineArgs": "--name \"a b\" --quote \\\"x",
                  "environmentVariables": { "FROM_PROFILE": "yes", "BOTH": "profile" }
                },
                "other": { "commandName": "Project", "environmentVariables": { "FROM_PROFILE": "other" } }
              }
            }
            """);
        using var builder = ModelBuilder.Run();
        var project = builder.AddProject("project", directory.Combine("project.csproj")).WithEnvironment("BOTH", "model");
        foreach (var (name, port) in (IEnumerable<(string, int)>)[("http", 1), ("http2", 2), ("https", 3)])
        {
            project.Allocate(name, port);
        }

        var environment = await ModelBuilder.EnvironmentOf(project);

        Assert.Equal(
            [("http", 5001, "localhost"), ("http2", 5002, "127.0.0.1"), ("https", 5003, "localhost")],
            project.Resource.Annotations.OfType<EndpointAnnotation>().Select(e => (e.Name, e.Port!.Value, e.TargetHost)));
        Assert.Equal("http://localhost:1;http://127.0.0.1:2;https://localhost:3", environment["ASPNETCORE_URLS"]);
        Assert.Equal("3", environment["ASPNETCORE_HTTPS_PORT"]);
        Assert.Equal(("yes", "model", "web"), (environment["FROM_PROFILE"], environment["BOTH"], environment["DOTNET_LAUNCH_PROFILE"]));
        Assert.Equal(["--name", "a b", "--quote", "\"x"], await ModelBuilder.ArgumentsOf(project));

        Assert.Equal("other", (await ModelBuilder.EnvironmentOf(builder.AddProject("chosen", directory.Combine("project.csproj"), "other")))["FROM_PROFILE"]);
        Assert.False((await ModelBuilder.EnvironmentOf(builder.AddProject("none", directory.Combine("project.csproj"), launchProfileName: null))).ContainsKey("FROM_PROFILE"));
        using var sameProfile = ModelBuilder.With(("DOTNET_LAUNCH_PROFILE", "other"));
        Assert.Equal("other", (await ModelBuilder.EnvironmentOf(sameProfile.AddProject("same", directory.Combine("project.csproj"))))["FROM_PROFILE"]);
    }

    [Fact]
    public void Faults_in_launch_settings_are_named()
    {
        using var directory = new TemporaryDirectory();
        using var builder = ModelBuilder.Run();
        WriteProfiles(directory, """{ "profiles": { "web": { "commandName": "Project" } } }""");
        Assert.Contains("'typo'", Assert.Throws<DistributedApplicationException>(() => builder.AddProject("a", directory.Combine("project.csproj"), "typo")).Message);
        WriteProfiles(directory, """{ "profiles": { "web": { "commandName": "Project", "applicationUrl": "nonsense" } } }""");
        Assert.Contains("'nonsense'", Assert.Throws<DistributedApplicationException>(() => builder.AddProject("b", directory.Combine("project.csproj"))).Message);
        WriteProfiles(directory, "{ not json");
        Assert.Contains("launchSettings.json", Assert.Throws<DistributedApplicationException>(() => builder.AddProject("c", directory.Combine("project.csproj"))).Message);
    }

    [Fact]
    public async Task Endpoints_can_be_kept_out_of_the_urls()
    {
        using var builder = ModelBuilder.Run();
        var project = builder.AddProject("project", "project.csproj").WithHttpEndpoint().WithHttpEndpoint(name: "admin").WithHttpEndpoint(name: "own", env: "OWN_PORT")
            .WithEndpointsInEnvironment(e => e.Name != "admin");
        project.Allocate("http", 1);
        project.Allocate("admin", 2);
        project.Allocate("own", 3);

        var environment = await ModelBuilder.EnvironmentOf(project);

        Assert.Equal("http://localhost:1", environment["ASPNETCORE_URLS"]);
        Assert.Equal("3", environment["OWN_PORT"]);
    }

    [Fact]
    public async Task Telemetry_goes_where_the_app_host_says()
    {
        using var builder = ModelBuilder.With(("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "http://localhost:4317"), ("AppHost:OtlpApiKey", "k3y"));
        var environment = await ModelBuilder.EnvironmentOf(builder.AddProject("project", "project.csproj"));
        var http = await ModelBuilder.EnvironmentOf(builder.AddProgram("program").WithOtlpExporter(OtlpProtocol.HttpProtobuf));

        Assert.Equal(("http://localhost:4317", "grpc", "x-otlp-api-key=k3y"), (environment["OTEL_EXPORTER_OTLP_ENDPOINT"], environment["OTEL_EXPORTER_OTLP_PROTOCOL"], environment["OTEL_EXPORTER_OTLP_HEADERS"]));
        Assert.False(http.ContainsKey("OTEL_EXPORTER_OTLP_ENDPOINT"));
        Assert.Equal("program", http["OTEL_SERVICE_NAME"]);
    }

    [Fact]
    public void Replicas_are_refused_by_name()
    {
        using var builder = ModelBuilder.Run();
        var project = builder.AddProject("project", "project.csproj").WithReplicas(1);
        Assert.Contains("WithReplicas(2)", Assert.Throws<NotSupportedException>(() => project.WithReplicas(2)).Message);
    }

    private static void WriteProfiles(TemporaryDirectory directory, string json)
    {
        Directory.CreateDirectory(directory.Combine("Properties"));
        File.WriteAllText(Path.Combine(directory.Combine("Properties"), "launchSettings.json"), json);
    }
}
