using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace Aspire.Hosting.Tests.Pipelines;

public class PublishConsoleTests
{
    [Fact]
    public async Task A_console_that_is_no_terminal_gets_a_line_for_each_change()
    {
        var publication = Publication.Of("bake");
        publication.Pipeline.AddStep("bake", async context =>
        {
            var task = await context.ReportingStep.CreateTaskAsync("Heating the oven", context.CancellationToken);
            await task.UpdateAsync("Waiting for the oven", context.CancellationToken);
            await task.SucceedAsync(cancellationToken: context.CancellationToken);
            await context.ReportingStep.CreateTaskAsync(new MarkdownString("Looking at the **cake**"), context.CancellationToken);
            context.Logger.LogInformation("It rises.");
            context.Services.GetRequiredService<ILogger<PublishConsoleTests>>().LogWarning("It is dark.");
            context.Logger.LogDebug("Not shown.");
            context.Summary.Add("Cake", new MarkdownString("see [the table](https://example.org/table) or `ls`"));
            context.Summary.Add("Pieces", "one\ntwo");
        });

        await publication.RunAsync();

        Assert.Equal(
            [
                "bake                  started",
                "bake                  Heating the oven",
                "bake                  Waiting for the oven",
                "bake                  Waiting for the oven: done",
                "bake                  Looking at the cake",
                "bake                  It rises.",
                "bake                  warning: It is dark.",
                "bake                  Looking at the cake: done",
                "bake                  done in",
                "Cake: see the table (https://example.org/table) or ls",
                "Pieces",
                "  one",
                "  two",
                "'bake' is done.",
            ],
            publication.Lines.Select(l => l.Contains("done in", StringComparison.Ordinal) ? l[..(l.IndexOf("done in", StringComparison.Ordinal) + 7)] : l));
    }

    [Theory]
    [InlineData("debug", true, true)]
    [InlineData("Warning", false, false)]
    public async Task The_log_level_decides_which_lines_are_shown(string level, bool debug, bool information)
    {
        var publication = Publication.Of("speak", "--log-level", level);
        publication.Pipeline.AddStep("speak", context =>
        {
            context.Logger.LogDebug("whisper");
            context.Logger.LogInformation("talk");
            context.Logger.LogError("shout");
            return Task.CompletedTask;
        });

        await publication.RunAsync();

        Assert.Equal((debug, information, true), (Said("whisper"), Said("talk"), Said("error: shout")));
        bool Said(string text) => publication.Lines.Any(l => l.EndsWith(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--log-level", "loud", "'loud' is no log level")]
    [InlineData("--yes", "perhaps", "'perhaps' is neither true nor false: --yes")]
    [InlineData("--include-exception-details", "maybe", "--include-exception-details takes one of them")]
    public async Task A_setting_that_cannot_be_read_is_an_error_before_any_step(string argument, string value, string said)
    {
        var ran = new List<string>();
        var publication = Publication.Of("mine", argument, value);
        publication.AddStep("mine", ran);

        Assert.Contains(said, await publication.FailAsync());
        Assert.Empty(ran);
    }

    [Fact]
    public async Task A_terminal_shows_what_is_under_way_below_whole_lines()
    {
        var text = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(text) });
        terminal.Profile.Width = 100;
        await using (var display = new PublishDisplay(new RunOutput(terminal, text), terminal))
        {
            var activity = display.Begin("bake");
            display.BeginTask(activity, this, "Heating the oven");
            while (!text.ToString().Contains("Heating the oven", StringComparison.Ordinal))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            display.Line("bake", "It rises.", RunTone.Normal);
            display.End(activity, "done in 1.0s", RunTone.Good);
            display.Close("'bake' is done.", RunTone.Good);
        }

        var drawn = text.ToString();
        Assert.Matches(@"\S bake \d+\.\ds Heating the oven", drawn);
        Assert.Matches(@"\d+\.\d\ds  bake                  It rises\.\r?\n", drawn);
        Assert.Matches(@"\d+\.\d\ds  bake                  done in 1\.0s\r?\n", drawn);
        Assert.Contains("'bake' is done.", drawn);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("**bold** and __too__", "bold and too")]
    [InlineData("[https://a.b](https://a.b)", "https://a.b")]
    [InlineData("2 ** 3 ** 4", "2 ** 3 ** 4")]
    public void Markdown_loses_its_marks(string markdown, string plain) => Assert.Equal(plain, PlainMarkdown.Render(markdown));
}
