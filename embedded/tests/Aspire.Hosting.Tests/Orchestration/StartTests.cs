using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;

namespace Aspire.Hosting.Tests.Orchestration;

public class StartTests
{
    [Fact]
    public async Task A_program_runs_with_its_arguments_environment_and_address()
    {
        await using var host = new ActorHost();
        var key = host.Builder.AddParameter("key", "secret", secret: true);
        host.AddActor("program", "env=KEY", "env=PORT", ReferenceExpression.Create($"print=argument {key}"), "error=to the other stream", "run")
            .WithEnvironment("KEY", key)
            .WithHttpEndpoint(env: "PORT");

        await host.StartAsync();
        await host.WaitForLineAsync("program", "to the other stream");

        var state = host.StateOf("program");
        var endpoint = Aspire.Hosting.Testing.DistributedApplicationHostingTestingExtensions.GetEndpoint(host.Application, "program");
        await host.WaitForLineAsync("program", "argument secret");
        Assert.Contains("KEY=secret", host.OutputOf("program"));
        Assert.Contains($"PORT={endpoint.Port}", host.OutputOf("program"));
        Assert.Equal(KnownResourceStates.Running, state.State?.Text);
        Assert.NotNull(state.StartTimeStamp);
        Assert.Contains(state.EnvironmentVariables, v => v is { Name: "KEY", Value: "secret", IsFromSpec: true });
        Assert.Contains(state.Properties, p => p.Name == "executable.pid");
        Assert.Equal([("http", endpoint.ToString().TrimEnd('/'), false)], state.Urls.Select(u => (u.Name, u.Url, u.IsInactive)));
    }

    [Fact]
    public async Task Output_is_kept_with_its_stream_and_numbered()
    {
        await using var host = new ActorHost();
        var program = host.AddActor("program", "print=one", "error=two", "exit=0");

        await host.StartAsync();
        await host.WaitForStateAsync("program", KnownResourceStates.Finished);

        var lines = new List<LogLine>();
        await foreach (var batch in ((ResourceLoggerService)host.Application.Services.GetService(typeof(ResourceLoggerService))!).GetAllAsync(program.Resource))
        {
            lines.AddRange(batch);
        }

        Assert.Contains(lines, l => l.Content.EndsWith(" one", StringComparison.Ordinal) && !l.IsErrorMessage);
        Assert.Contains(lines, l => l.Content.EndsWith(" two", StringComparison.Ordinal) && l.IsErrorMessage);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(l => l.LineNumber));
    }

    [Fact]
    public async Task Events_come_in_their_order()
    {
        await using var host = new ActorHost();
        var heard = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var store = host.Builder.AddConnectionString("store", ReferenceExpression.Create($"x"));
        var program = host.AddActor("program", "run").WithHttpEndpoint();
        host.Builder.OnBeforeStart((_, _) => Note("before start"));
        host.Builder.Eventing.Subscribe<AfterResourcesCreatedEvent>((_, _) => Note("after created"));
        program.OnInitializeResource((_, _, _) => Note("initialize"));
        program.OnResourceEndpointsAllocated((_, _, _) => Note($"endpoints {program.GetEndpoint("http").IsAllocated}"));
        program.OnBeforeResourceStarted((_, _, _) => Note("before started"));
        program.OnResourceReady((_, _, _) => Note("ready"));
        program.OnResourceStopped((_, e, _) => Note($"stopped {e.ResourceEvent.Snapshot.State?.Text}"));
        store.OnConnectionStringAvailable((_, _, _) => Note("connection string"));

        await host.StartAsync();
        await host.Notifications.WaitForResourceHealthyAsync("program", TestDeadline.Token());
        await host.WaitForStateAsync("store", KnownResourceStates.Running);
        await host.StopAsync();

        var order = heard.ToArray();
        Assert.Equal("before start", order[0]);
        Assert.Equal("endpoints True", order[1]);
        Assert.True(Array.IndexOf(order, "before started") > 1, string.Join(", ", order));
        Assert.True(Array.IndexOf(order, "ready") > Array.IndexOf(order, "before started"), string.Join(", ", order));
        Assert.Contains("connection string", order);
        Assert.Contains("after created", order);
        Assert.Contains("initialize", order);
        Assert.Equal("stopped Exited", order[^1]);
        Assert.Equal(8, order.Length);

        Task Note(string text)
        {
            heard.Enqueue(text);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_subscriber_that_fails_keeps_the_resource_from_starting()
    {
        await using var host = new ActorHost();
        host.AddActor("program", $"append={host.File("started")}", "run").OnBeforeResourceStarted((_, _, _) => throw new DistributedApplicationException("Not today."));

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.FailedToStart, host.StateOf("program").State?.Text);
        Assert.Contains("Not today.", host.Outcome.ToException()!.Message);
        Assert.False(File.Exists(host.File("started")));
    }

    [Theory]
    [InlineData("nosuchprogram-really", ".", "nosuchprogram-really")]
    [InlineData("sh", "no/such/directory", "no/such/directory")]
    public async Task A_program_that_cannot_be_run_says_what_is_missing(string command, string directory, string named)
    {
        await using var host = new ActorHost();
        host.Builder.AddExecutable("program", command, directory);

        await host.StartAsync();

        Assert.Equal(KnownResourceStates.FailedToStart, host.StateOf("program").State?.Text);
        var message = host.Outcome.ToException()!.Message;
        Assert.Contains("'program'", message);
        Assert.Contains(named, message);
    }

    [Fact]
    public async Task Missing_parameters_are_all_named_before_anything_starts()
    {
        await using var host = new ActorHost();
        host.Builder.AddParameter("one");
        host.Builder.AddParameter("two");
        host.AddActor("program", $"append={host.File("started")}", "run");
        host.Build();

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => host.Application.StartAsync(TestDeadline.Token()));

        Assert.Contains("'one'", exception.Message);
        Assert.Contains("'two'", exception.Message);
        Assert.Equal(KnownResourceStates.ValueMissing, host.StateOf("one").State?.Text);
        Assert.False(File.Exists(host.File("started")));
    }

    [Fact]
    public async Task A_resource_with_explicit_start_waits_for_the_command()
    {
        await using var host = new ActorHost();
        host.AddActor("program", "run").WithExplicitStart();

        await host.StartAsync();
        Assert.Equal(KnownResourceStates.NotStarted, host.StateOf("program").State?.Text);
        var result = await host.CommandAsync("program", KnownResourceCommands.StartCommand);

        Assert.True(result.Success, result.Message);
        Assert.Equal(KnownResourceStates.Running, host.StateOf("program").State?.Text);
    }

    [Fact]
    public async Task Parameters_connection_strings_and_services_have_states()
    {
        await using var host = new ActorHost(("ConnectionStrings:given", "g"));
        host.Builder.AddParameter("secret", "s3cret", secret: true);
        host.Builder.AddConnectionString("given");
        host.Builder.AddConnectionString("made", ReferenceExpression.Create($"m"));
        host.Builder.AddExternalService("elsewhere", "https://example.org/");

        await host.StartAsync();
        await host.WaitForStateAsync("made", KnownResourceStates.Running);
        await host.WaitForStateAsync("elsewhere", KnownResourceStates.Running);

        Assert.Contains(host.StateOf("secret").Properties, p => p is { Name: "Value", Value: "s3cret", IsSensitive: true });
        Assert.Equal(KnownResourceStates.Running, host.StateOf("given").State?.Text);
        Assert.Contains(host.StateOf("made").Properties, p => p.Name == CustomResourceKnownProperties.ConnectionString && p is { Value: "m", IsSensitive: true });
        Assert.Equal("https://example.org/", Assert.Single(host.StateOf("elsewhere").Urls).Url);
    }

    [Fact]
    public async Task Urls_can_be_added_and_changed()
    {
        await using var host = new ActorHost();
        var program = host.AddActor("program", "run").WithHttpEndpoint();
        program
            .WithUrl("/docs", "Docs")
            .WithUrl($"{program.GetEndpoint("http")}/made")
            .WithUrl("https://example.org", "Elsewhere")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Home")
            .WithUrls(context => context.Urls.Add(new ResourceUrlAnnotation { Url = "https://hidden.example", DisplayLocation = UrlDisplayLocation.DetailsOnly }));

        await host.StartAsync();

        var root = program.GetEndpoint("http").Url;
        Assert.Equal(
            [(root, "Home", false), ($"{root}/docs", "Home", false), ($"{root}/made", "Home", false), ("https://example.org", "Elsewhere", false), ("https://hidden.example", "", true)],
            host.StateOf("program").Urls.Select(u => (u.Url, u.DisplayProperties.DisplayName, u.IsInternal)));
    }
}
