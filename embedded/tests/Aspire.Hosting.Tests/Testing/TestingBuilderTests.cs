using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Tests.Testing;

public class TestingBuilderTests
{
    [Fact]
    public async Task An_app_host_runs_in_the_test()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>(TestDeadline.Token());
        await using var app = await builder.BuildAsync(TestDeadline.Token());
        await app.StartAsync(TestDeadline.Token());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", TestDeadline.Token());

        using var web = app.CreateHttpClient("web");
        using var follower = app.CreateHttpClient("follower", "http");
        var upstream = app.GetEndpoint("web", "http").ToString().TrimEnd('/');

        Assert.Equal("hello", await web.GetStringAsync("/", TestDeadline.Token()));
        Assert.Equal("healthy", await web.GetStringAsync("/health", TestDeadline.Token()));
        await app.ResourceNotifications.WaitForResourceAsync("follower", cancellationToken: TestDeadline.Token());
        Assert.Equal(upstream, await RetryAsync(() => follower.GetStringAsync("/environment/UPSTREAM", TestDeadline.Token())));
        Assert.Equal(upstream, await follower.GetStringAsync("/environment/services__web__http__0", TestDeadline.Token()));
        Assert.Equal("follower", await follower.GetStringAsync("/environment/OTEL_SERVICE_NAME", TestDeadline.Token()));
        Assert.StartsWith("service.instance.id=", await follower.GetStringAsync("/environment/OTEL_RESOURCE_ATTRIBUTES", TestDeadline.Token()));
        Assert.Equal("yes", await follower.GetStringAsync("/environment/FROM_PROFILE", TestDeadline.Token()));
        Assert.Equal("Development", await follower.GetStringAsync("/environment/ASPNETCORE_ENVIRONMENT", TestDeadline.Token()));
    }

    [Fact]
    public async Task A_test_changes_the_model_before_it_is_built()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>(["--From=args"], TestDeadline.Token());
        builder.CreateResourceBuilder<ProjectResource>("web").WithEnvironment("GREETING", "from the test");
        builder.Resources.Remove(builder.CreateResourceBuilder<ProjectResource>("follower").Resource);
        await using var app = await builder.BuildAsync(TestDeadline.Token());
        await app.StartAsync(TestDeadline.Token());
        await app.ResourceNotifications.WaitForResourceHealthyAsync("web", TestDeadline.Token());

        using var web = app.CreateHttpClient("web");

        Assert.Equal("args", builder.Configuration["From"]);
        Assert.Equal("SmallApp.AppHost", builder.AppHostAssembly?.GetName().Name);
        Assert.EndsWith("SmallApp.AppHost", builder.AppHostDirectory);
        Assert.Equal("from the test", await web.GetStringAsync("/", TestDeadline.Token()));
    }

    [Fact]
    public async Task Several_app_hosts_run_at_the_same_time()
    {
        var greetings = await Task.WhenAll(Enumerable.Range(0, 3).Select(async number =>
        {
            await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>([], (options, _) => options.EnableResourceLogging = false, TestDeadline.Token());
            builder.CreateResourceBuilder<ProjectResource>("web").WithEnvironment("GREETING", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            builder.Resources.Remove(builder.CreateResourceBuilder<ProjectResource>("follower").Resource);
            await using var app = await builder.BuildAsync(TestDeadline.Token());
            await app.StartAsync(TestDeadline.Token());
            await app.ResourceNotifications.WaitForResourceHealthyAsync("web", TestDeadline.Token());
            using var web = app.CreateHttpClient("web");
            return await web.GetStringAsync("/", TestDeadline.Token());
        })).InTimeAsync();

        Assert.Equal(["0", "1", "2"], greetings);
    }

    [Fact]
    public async Task Settings_can_be_changed_before_the_builder_is_made()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync(
            Named, [], (options, settings) =>
            {
                Assert.True(options.DisableDashboard);
                Assert.True(options.EnableResourceLogging);
                settings.EnvironmentName = "Staging";
            }, TestDeadline.Token());

        Assert.Equal("Staging", builder.Environment.EnvironmentName);
        Assert.Equal("true", builder.Configuration["DcpPublisher:RandomizePorts"]);
    }

    [Fact]
    public async Task A_test_may_end_without_building_or_starting()
    {
        await using (await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>(TestDeadline.Token()))
        {
        }

        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>(TestDeadline.Token());
        await using var app = await builder.BuildAsync(TestDeadline.Token());

        var exception = Assert.Throws<InvalidOperationException>(() => app.GetEndpoint("web"));
        Assert.Contains("StartAsync", exception.Message);
    }

    [Fact]
    public async Task An_app_host_that_fails_fails_the_test_with_its_reason()
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.SmallApp_AppHost>(["--operation", "dance"], TestDeadline.Token()));

        Assert.Contains("'DANCE'", exception.Message);
    }

    [Fact]
    public async Task An_assembly_without_entry_point_is_refused()
        => await Assert.ThrowsAsync<InvalidOperationException>(() => DistributedApplicationTestingBuilder.CreateAsync<DistributedApplication>(TestDeadline.Token()));

    [Fact]
    public async Task Unknown_names_are_refused_with_what_there_is()
    {
        await using var host = new ActorHost(("ConnectionStrings:store", "s"));
        host.AddActor("program", "run").WithHttpEndpoint(name: "admin").WithHttpEndpoint(name: "other");
        host.Builder.AddConnectionString("store");
        await host.StartAsync();

        Assert.Equal("s", await host.Application.GetConnectionStringAsync("store", TestDeadline.Token()));
        Assert.Contains("'nobody'", Assert.Throws<ArgumentException>(() => host.Application.GetEndpoint("nobody")).Message);
        Assert.Contains("'admin', 'other'", Assert.Throws<ArgumentException>(() => host.Application.GetEndpoint("program")).Message);
        Assert.Contains("'program'", (await Assert.ThrowsAsync<ArgumentException>(async () => await host.Application.GetConnectionStringAsync("program", TestDeadline.Token()))).Message);
        Assert.Throws<InvalidOperationException>(() => host.Application.GetEndpoint("store"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void An_empty_argument_is_refused(string? argument)
        => Assert.Throws<ArgumentException>(() => DistributedApplicationTestingBuilder.Create(argument!));

    [Fact]
    public async Task A_factory_takes_part_in_each_step()
    {
        await using var factory = new Factory();
        Assert.Throws<InvalidOperationException>(() => factory.GetEndpoint("web"));

        await factory.StartAsync(TestDeadline.Token());

        Assert.Equal(["creating", "created", "building", "built"], factory.Steps);
        Assert.Equal("http", factory.GetEndpoint("web").Scheme);
        using var client = factory.CreateHttpClient("web");
        Assert.Equal("hello", await RetryAsync(() => client.GetStringAsync("/", TestDeadline.Token())));
    }

    /// <summary>Without a health check a server may not listen yet although its process runs.</summary>
    private static async Task<string> RetryAsync(Func<Task<string>> request)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await request();
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && attempt < 600)
            {
                await Task.Delay(50, TestDeadline.Token());
            }
        }
    }

    private static Type Named => typeof(Projects.SmallApp_AppHost);

    private sealed class Factory() : DistributedApplicationFactory(typeof(Projects.SmallApp_AppHost))
    {
        public List<string> Steps { get; } = [];

        protected override void OnBuilderCreating(DistributedApplicationOptions applicationOptions, HostApplicationBuilderSettings hostOptions) => Steps.Add("creating");

        protected override void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder) => Steps.Add("created");

        protected override void OnBuilding(DistributedApplicationBuilder applicationBuilder)
        {
            applicationBuilder.Resources.Remove(applicationBuilder.CreateResourceBuilder<ProjectResource>("follower").Resource);
            Steps.Add("building");
        }

        protected override void OnBuilt(DistributedApplication application) => Steps.Add("built");
    }
}
