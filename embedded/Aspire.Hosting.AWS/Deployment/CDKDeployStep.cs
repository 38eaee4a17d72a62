using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Deploys the cloud assembly that publishing has written.</summary>
internal sealed class CDKDeployStep(CDKPublishingStep publishing, IConfiguration configuration)
{
    /// <summary>Deploys the assembly.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be deployed; the message says why.</exception>
    public async Task RunAsync(PipelineStepContext context, AWSCDKEnvironmentResource environment)
    {
        var parameters = await ReadParametersAsync(context);
        var account = await CDKPreflight.FindAccountAsync(environment, context.CancellationToken);
        var task = await context.ReportingStep.CreateTaskAsync($"Deploying to account {account.Id} in {account.Region}", context.CancellationToken);
        await CdkCommand.RunAsync(
            [
                "deploy", "--all", "--app", publishing.AssemblyDirectory, "--require-approval", "never", "--no-notices", "--progress", "events",
                .. parameters.SelectMany(p => (string[])["--parameters", $"{p.Key}={p.Value}"]),
            ],
            account,
            context.Logger,
            context.CancellationToken);
        await task.SucceedAsync($"Deployed to account {account.Id} in {account.Region}", context.CancellationToken);
        context.Summary.Add("Deployed", $"{string.Join(", ", Templates().Select(t => t.Stack))} to account {account.Id} in {account.Region}");
    }

    /// <summary>The values of the parameters that the template asks for: of the model's own, and of those the stack adds (<c>Parameters:NAME</c>).</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReadParametersAsync(PipelineStepContext context)
    {
        var own = context.Model.Resources.OfType<ParameterResource>().ToDictionary(p => StackParameters.TemplateName(p.Name), StringComparer.Ordinal);
        var asked = new List<ParameterResource>();
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var missing = new List<string>();
        foreach (var (stack, template) in Templates())
        {
            foreach (var (name, definition) in template["Parameters"]?.AsObject() ?? [])
            {
                // Not a parameter to set: the CDK looks up the account's bootstrap version with it.
                if (((string?)definition?["Type"])?.StartsWith("AWS::SSM::Parameter::", StringComparison.Ordinal) == true)
                {
                    continue;
                }

                if (own.TryGetValue(name, out var parameter))
                {
                    asked.Add(parameter);
                }
                else if (configuration[$"Parameters:{name}"] is { } value)
                {
                    values[$"{stack}:{name}"] = value;
                }
                else if (definition?["Default"] is null)
                {
                    missing.Add($"Parameter '{name}' of stack '{stack}' has no value: set Parameters:{name} in the app host's configuration, or give it a default.");
                }
            }
        }

        if (missing.Count > 0)
        {
            throw new DistributedApplicationException(string.Join(Environment.NewLine, missing));
        }

        foreach (var (name, value) in await StackParameters.ReadValuesAsync(asked, context.CancellationToken))
        {
            values[name] = value;
        }

        return values;
    }

    private IEnumerable<(string Stack, JsonObject Template)> Templates()
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(publishing.AssemblyDirectory, "manifest.json")))!.AsObject();
        return (manifest["artifacts"]?.AsObject() ?? [])
            .Where(a => (string?)a.Value?["type"] == "aws:cloudformation:stack")
            .Select(a => (
                (string?)a.Value!["properties"]?["stackName"] ?? a.Key,
                JsonNode.Parse(File.ReadAllText(Path.Combine(publishing.AssemblyDirectory, (string)a.Value["properties"]!["templateFile"]!)))!.AsObject()));
    }
}
