using System.Net;
using Aspire.Dashboard.Resources;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Console = Aspire.Dashboard.Components.Pages.ConsoleLogs;
using Page = Aspire.Dashboard.Components.Pages.Resources;

namespace Aspire.Dashboard.Tests.Resources;

public class ResourcesPageTests
{
    private const string Secret = "s3cret-Zq8-value";

    [Fact]
    public async Task The_table_has_every_resource_with_its_state_source_and_commands_and_no_hidden_one()
    {
        await using var host = new PageHost("--Parameters:password=" + Secret);
        host.Builder.AddParameter("password", secret: true);
        host.AddWorker("api")
            .WithCommand("seed", "Seed <data>", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { IsHighlighted = true })
            .WithCommand("never", "Never", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { UpdateState = _ => ResourceCommandState.Disabled })
            .WithCommand("unseen", "Unseen", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { UpdateState = _ => ResourceCommandState.Hidden })
            .WithCommand("programs", "Programs", _ => Task.FromResult(CommandResults.Success()), new CommandOptions { Visibility = ResourceCommandVisibility.Api });
        host.AddWorker("internal").WithInitialState(new CustomResourceSnapshot { ResourceType = "Executable", Properties = [], IsHidden = true });
        await host.StartAsync();

        var html = WebUtility.HtmlDecode(await host.RenderAsync<Page>("/"));

        Assert.Contains("data-resource=\"api\"", html);
        Assert.Contains("aria-label=\"Stop api\"", html);
        Assert.Contains("aria-label=\"Seed <data> api\"", html);
        Assert.Contains("Restart", html);
        Assert.Matches("<button[^>]*disabled[^>]*>(?:(?!</button>).)*Never", html.ReplaceLineEndings(" "));
        Assert.DoesNotContain("Unseen", html);
        Assert.DoesNotContain("Programs", html);
        Assert.DoesNotContain("aria-label=\"Start api\"", html);
        Assert.Contains("state-success", html);
        Assert.DoesNotContain("data-resource=\"internal\"", html);
        Assert.DoesNotContain(Secret, html);
        Assert.Contains("data-resource=\"internal\"", await host.RenderAsync<Page>("/?hidden=true"));
    }

    [Theory]
    [InlineData("/?resource=api")]
    [InlineData("/?resource=password")]
    [InlineData("/?resource=connection")]
    [InlineData("/?view=graph&resource=api")]
    [InlineData("/?text=s3cret-Zq8-value&resource=api")]
    public async Task No_page_has_a_secret_that_was_not_revealed(string address)
    {
        await using var host = new PageHost("--Parameters:password=" + Secret, "--ConnectionStrings:connection=Server=db;Password=" + Secret);
        var password = host.Builder.AddParameter("password", secret: true);
        var connection = host.Builder.AddConnectionString("connection");
        host.AddWorker("api").WithEnvironment("PASSWORD", password).WithReference(connection).WithArgs("--password", Secret);
        await host.StartAsync();

        var html = await host.RenderAsync<Page>(address);

        // The filter is what the user typed, and no more than that.
        Assert.DoesNotContain(Secret, address.Contains("text=", StringComparison.Ordinal) ? html.Replace($"value=\"{Secret}\"", "", StringComparison.Ordinal).Replace($"text={Secret}", "", StringComparison.Ordinal) : html);
        if (address.EndsWith("=api", StringComparison.Ordinal))
        {
            Assert.Contains("PASSWORD", html);
            Assert.Contains(DetailValue.Mask, WebUtility.HtmlDecode(html));
            var variable = DetailValue.OfEnvironment(host.Notifications.SnapshotOf(host.Model.Resources.Single(r => r.Name == "api"))).Single(v => v.Name == "PASSWORD");
            var revealed = new RevealedValues();
            Assert.Equal(DetailValue.Mask, variable.Shown(revealed));
            revealed.Toggle(variable.Key);
            Assert.Equal(Secret, variable.Shown(revealed));
            revealed.Toggle(variable.Key);
            Assert.Equal(DetailValue.Mask, variable.Shown(revealed));
        }
    }

    [Fact]
    public async Task The_details_say_why_a_resource_is_unhealthy_and_what_it_has_to_do_with_others()
    {
        await using var host = new PageHost();
        host.Builder.Services.AddHealthChecks().AddCheck("db_check", () => HealthCheckResult.Unhealthy("The disk is full.", new InvalidOperationException("no space")));
        var db = host.AddWorker("db").WithHealthCheck("db_check");
        host.AddWorker("api").WithReferenceRelationship(db);
        await host.StartAsync();
        await host.Notifications.WaitForResourceAsync("db", e => e.Snapshot.HealthReports.Any(r => r.Status is not null), TestContext.Current.CancellationToken).WaitAsync(PageHost.Deadline, TestContext.Current.CancellationToken);

        var html = await host.RenderAsync<Page>("/?resource=db");

        Assert.Contains("Running (unhealthy)", html);
        Assert.Contains("db_check: The disk is full.", html);
        Assert.Contains("no space", html);
        Assert.Matches("Is used by(.|\n)*resource=api", html);
        Assert.Matches("Uses(.|\n)*resource=db", await host.RenderAsync<Page>("/?resource=api"));
    }

    [Fact]
    public async Task A_stopped_resource_can_be_started_and_its_URLs_are_no_links()
    {
        await using var host = new PageHost();
        host.AddWorker("api").WithHttpEndpoint();
        await host.StartAsync();
        Assert.Matches("<a class=\"resource-url\" href=\"http://localhost:", await host.RenderAsync<Page>("/"));
        var stop = host.Notifications.SnapshotOf(host.Model.Resources.Single()).Commands.Single(c => c.Name == "stop");

        var outcome = await CommandRunner.RunAsync(host.Application.ResourceCommands, "api", stop, PageHost.Deadline, TestContext.Current.CancellationToken);

        Assert.True(outcome.Success, outcome.Text);
        var html = await host.RenderAsync<Page>("/");
        Assert.Contains("aria-label=\"Start api\"", html);
        Assert.DoesNotContain("aria-label=\"Stop api\"", html);
        Assert.Contains("resource-url inactive", html);
        Assert.DoesNotContain("<a class=\"resource-url", html);
    }

    [Fact]
    public async Task A_command_that_does_not_end_is_given_up()
    {
        await using var host = new PageHost();
        host.AddWorker("api").WithCommand("hang", "Hang", _ => new TaskCompletionSource<ExecuteCommandResult>().Task).WithCommand("fail", "Fail", _ => Task.FromResult(CommandResults.Failure("Nothing to do.")));
        await host.StartAsync();
        var commands = host.Notifications.SnapshotOf(host.Model.Resources.Single()).Commands;

        var given = await CommandRunner.RunAsync(host.Application.ResourceCommands, "api", commands.Single(c => c.Name == "hang"), TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        var failed = await CommandRunner.RunAsync(host.Application.ResourceCommands, "api", commands.Single(c => c.Name == "fail"), PageHost.Deadline, TestContext.Current.CancellationToken);

        Assert.False(given.Success);
        Assert.Equal("api: 'Hang' was given up after 50.0 ms.", given.Text);
        Assert.Equal("api: 'Fail' failed. Nothing to do.", failed.Text);
    }

    [Fact]
    public async Task The_address_says_what_is_shown()
    {
        await using var host = new PageHost("--Parameters:colour=red");
        host.Builder.AddParameter("colour");
        host.AddWorker("api");
        host.AddWorker("web").WithExplicitStart();
        await host.StartAsync();

        Assert.Equal("api web colour", await ShownAsync("/"));
        Assert.Equal("web", await ShownAsync("/?text=WE"));
        Assert.Equal("colour", await ShownAsync("/?types=Parameter"));
        Assert.Equal("web", await ShownAsync("/?states=Not+started"));
        Assert.Empty(await ShownAsync("/?states=Not+started&types=Parameter"));

        async Task<string> ShownAsync(string address)
            => string.Join(' ', System.Text.RegularExpressions.Regex.Matches(await host.RenderAsync<Page>(address), "<tr data-resource=\"([^\"]+)\"").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public async Task The_console_offers_every_resource_with_its_state()
    {
        await using var host = new PageHost();
        host.AddWorker("api");
        host.AddWorker("web").WithExplicitStart();
        await host.StartAsync();

        var html = await host.RenderAsync<Console>("/consolelogs/api", (nameof(Console.Resource), "api"));

        Assert.Contains("api (Running)", html);
        Assert.Contains("web (Not started)", html);
        Assert.Contains("aria-label=\"Stop api\"", html);
    }

    [Fact]
    public async Task What_a_resource_writes_is_never_markup()
    {
        await using var host = new PageHost();
        await host.StartAsync();
        var line = new Aspire.Dashboard.ConsoleLogs.ConsoleLineReader("api").Read(new(1, "2026-11-24T17:05:06.789Z \u001b[31m<img src=x onerror=alert(1)>\u001b[0m http://a.b/\"onclick=\"x javascript:alert(1)", true));

        var html = await host.RenderAsync<Aspire.Dashboard.Components.ConsoleLogs.ConsoleRowView>("/", ("Row", new Aspire.Dashboard.ConsoleLogs.ConsoleRow(line, 0, 0, line.Text.Length)), ("Search", "IMG"));

        Assert.DoesNotContain("<img", html);
        Assert.Contains("&lt;", html);
        Assert.Contains("<mark>img</mark>", html);
        Assert.Contains("href=\"http://a.b/\"", html);
        Assert.DoesNotContain("href=\"javascript", html);
        Assert.Contains("rel=\"noopener noreferrer\"", html);
        Assert.Contains("stderr", html);
    }
}
