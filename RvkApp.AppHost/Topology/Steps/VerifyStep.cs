using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RvkApp.AppHost.Topology.Page;
using RvkApp.AppHost.Verification;

namespace RvkApp.AppHost.Topology.Steps;

/// <summary>Verifies the template in an output directory, and leaves what it found beside it: for machines, for people, and in the summary.</summary>
internal static class VerifyStep
{
    /// <summary>Verifies.</summary>
    /// <exception cref="DistributedApplicationException">There is no template, it cannot be read, or a check failed.</exception>
    public static async Task RunAsync(PipelineStepContext context, TopologyOutput output, TopologyOptions options)
    {
        output.RequireTemplate();
        var (template, report) = Verify(output, options);
        await File.WriteAllTextAsync(output.Report, VerificationJson.Serialize(report), context.CancellationToken);
        var environment = context.Services.GetRequiredService<IHostEnvironment>().EnvironmentName;
        await File.WriteAllTextAsync(output.Page, TopologyPage.Render(template, report, PageFacts.Of(environment, options)), context.CancellationToken);
        PublishSummary.Add(context.Summary, template, report, output, options);
        if (!report.Passed)
        {
            var failed = report.Checks.Where(check => !check.Passed).Select(check => check.Id);
            var flows = report.Flows.Where(flow => flow.State != FlowState.Allowed).Select(flow => $"{flow.From} to {flow.To} ({flow.State.ToString().ToLowerInvariant()})");
            throw new DistributedApplicationException($"The template is not the specified topology: {string.Join(", ", failed.Concat(flows))}. What is wrong and how to fix it is above and in {output.Page}.");
        }
    }

    private static (Template Template, VerificationReport Report) Verify(TopologyOutput output, TopologyOptions options)
    {
        try
        {
            var template = Template.Load(output.Template);
            return (template, Verifier.Verify(template, Expected(options)));
        }
        catch (TemplateException exception)
        {
            throw new DistributedApplicationException(exception.Message, exception);
        }
    }

    private static VerificationOptions Expected(TopologyOptions options) => new(options.AllowHttpEgress)
    {
        LambdaMemory = options.LambdaMemory,
        LambdaTimeout = options.LambdaTimeout,
        LambdaConcurrency = options.LambdaConcurrency,
        MongoCpu = options.MongoSize.Cpu,
        MongoMemory = options.MongoSize.Memory,
        FirstAdmin = options.FirstAdmin,
    };
}
