using System.Text;
using System.Text.RegularExpressions;
using Aspire.Hosting.Pipelines;
using Aspire.Hosting.Testing;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Tests.Pipelines;

/// <summary>An application in publish mode, whose console is a text.</summary>
#pragma warning disable CA1001 // A writer of a text holds nothing that must be freed.
internal sealed partial class Publication
#pragma warning restore CA1001
{
    private readonly StringBuilder _text = new();
    private readonly TextWriter _output;

    private Publication(params string[] args)
    {
        // A synchronized writer is its own lock.
        _output = TextWriter.Synchronized(new StringWriter(_text));
        Builder = DistributedApplicationTestingBuilder.Create(["--operation", "publish", .. args]);
        Builder.Services.AddSingleton(_ => new PublishDisplay(new RunOutput(terminal: null, _output), terminal: null));
    }

    public IDistributedApplicationTestingBuilder Builder { get; }

    public IDistributedApplicationPipeline Pipeline => Builder.Pipeline;

    /// <summary>What is on the console, without the times.</summary>
    public string[] Lines
    {
        get
        {
            lock (_output)
            {
                return [.. _text.ToString().Split('\n').Select(l => TimePattern().Replace(l.TrimEnd('\r', ' '), "")).Where(l => l.Length > 0)];
            }
        }
    }

    public static Publication Of(string step, params string[] args) => new(["--step", step, .. args]);

    public static Publication OfNoStep() => new();

    /// <summary>Adds a step that does nothing but be noted.</summary>
    public void AddStep(string name, List<string> log, object? dependsOn = null, object? requiredBy = null)
        => Pipeline.AddStep(name, _ => Note(log, name), dependsOn, requiredBy);

    public static Task Note(List<string> log, string name)
    {
        lock (log)
        {
            log.Add(name);
        }

        return Task.CompletedTask;
    }

    public async Task RunAsync()
    {
        var application = await Builder.BuildAsync(TestDeadline.Token());
        await application.RunAsync(TestDeadline.Token());
    }

    /// <summary>Runs what must fail.</summary>
    /// <returns>What it says.</returns>
    public async Task<string> FailAsync() => (await Assert.ThrowsAnyAsync<DistributedApplicationException>(RunAsync)).Message;

    [GeneratedRegex(@"^ *\d+\.\d\ds  ")]
    private static partial Regex TimePattern();
}
