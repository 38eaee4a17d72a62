using Amazon.CDK;
using Constructs;

namespace RvkApp.AppHost.Topology;

/// <summary>What several tiers say about their resources.</summary>
internal static class ResourceExtensions
{
    /// <summary>Sets the tag <c>Name</c>, which the console lists resources by.</summary>
    public static void Name(this IConstruct resource, string name) => Tags.Of(resource).Add("Name", name);

    /// <summary>
    /// Accepts a finding of cdk-nag, with the reason. It is kept in the template beside the resource: <c>eng/cdk-nag</c> reads it from there.
    /// </summary>
    /// <param name="resource">The resource that has the finding.</param>
    /// <param name="rule">The rule, such as <c>AwsSolutions-SMG4</c>.</param>
    /// <param name="reason">Why it is accepted here, at least ten characters.</param>
    public static void Accept(this CfnResource resource, string rule, string reason)
    {
        const string Key = "cdk_nag";
        Dictionary<string, object>[] accepted = resource.GetMetadata(Key) is IDictionary<string, object> { } known && known["rules_to_suppress"] is object[] rules
            ? [.. rules.OfType<Dictionary<string, object>>()]
            : [];
        resource.AddMetadata(Key, new Dictionary<string, object>
        {
            ["rules_to_suppress"] = (object[])[.. accepted, new Dictionary<string, object> { ["id"] = rule, ["reason"] = reason }],
        });
    }
}
