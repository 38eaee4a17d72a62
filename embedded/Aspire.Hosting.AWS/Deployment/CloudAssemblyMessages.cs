using System.Text.Json;
using System.Text.Json.Nodes;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>What the constructs of a cloud assembly have to say, which the CDK leaves to its command to read.</summary>
internal static class CloudAssemblyMessages
{
    /// <summary>Reads the messages of an assembly (cloud-assembly-schema: <c>manifest.json</c>, <c>artifacts.*.metadata</c> and <c>missing</c>).</summary>
    /// <param name="directory">The assembly.</param>
    /// <param name="environment">The environment's name.</param>
    /// <returns>The warnings.</returns>
    /// <exception cref="DistributedApplicationException">There are errors, or something has to be looked up in an account.</exception>
    public static IReadOnlyList<string> Check(string directory, string environment)
    {
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(directory, "manifest.json")))!.AsObject();
        var messages = (manifest["artifacts"]?.AsObject() ?? [])
            .SelectMany(artifact => artifact.Value?["metadata"]?.AsObject() ?? [])
            .SelectMany(construct => (construct.Value?.AsArray() ?? []).Select(m => (Path: construct.Key, Type: (string?)m?["type"], Data: m?["data"])))
            .ToArray();
        string[] errors = [.. Of("aws:cdk:error"), .. (manifest["missing"]?.AsArray() ?? []).Select(m => $"{(string?)m?["provider"]} has to be looked up in an account, and publishing uses none")];
        return errors.Length > 0
            ? throw new DistributedApplicationException($"The CDK app of '{environment}' has errors:{string.Concat(errors.Select(e => $"{Environment.NewLine}  - {e}"))}")
            : Of("aws:cdk:warning");

        string[] Of(string type) => [.. messages.Where(m => m.Type == type).Select(m => $"{m.Path}: {(m.Data?.GetValueKind() == JsonValueKind.String ? (string?)m.Data : m.Data?.ToJsonString())}")];
    }
}
