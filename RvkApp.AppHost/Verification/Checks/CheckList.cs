using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Every check, in the order of the report: the ten lines of the checklist, then the invariants beyond it.</summary>
internal static class CheckList
{
    /// <summary>Runs the checks.</summary>
    public static ImmutableArray<CheckResult> Run(CheckContext context, ImmutableArray<FlowResult> flows, ImmutableArray<Diagnosis> diagnoses)
    {
        IEnumerable<Check> checks =
        [
            .. HandshakeChecks.Of(context),
            ResolutionChecks.Targets(context), ResolutionChecks.Resolved(context),
            RuleChecks.GroupPerTier(context), RuleChecks.Mirrors(context), RuleChecks.AsSpecified(context), RuleChecks.NoAllProtocols(context),
            RuleChecks.ExplicitEgress(context), RuleChecks.DefaultGroups(context), RuleChecks.Descriptions(context), RuleChecks.Limits(context),
            ReachabilityCheck(flows), TroubleCheck(diagnoses),
            NetworkChecks.Layout(context), NetworkChecks.PrivateSubnets(context), NetworkChecks.NoPublicAddress(context), NetworkChecks.SingleEntry(flows, context),
            ApiChecks.Entry(context), ApiChecks.Function(context),
            MongoChecks.SingleTask(context), MongoChecks.Task(context), MongoChecks.Discovery(context),
            StorageChecks.AtRest(context), StorageChecks.InTransit(context), StorageChecks.Access(context), StorageChecks.MountTargets(context), StorageChecks.Kept(context),
            StorageChecks.PrivateBuckets(context),
            SecretChecks.NeverLiteral(context), SecretChecks.ExactAccess(context),
            IamChecks.LeastPrivilege(context), IamChecks.Roles(context), IamChecks.PublicPolicies(context),
            ObservabilityChecks.Logs(context), ObservabilityChecks.Audit(context), ObservabilityChecks.Alarms(context), ObservabilityChecks.Parameters(context),
        ];
        return [.. checks.Select(check => check.Result())];
    }

    private static Check TroubleCheck(ImmutableArray<Diagnosis> diagnoses)
    {
        var check = new Check("troubleshooting", "Nothing in the template causes a symptom of the troubleshooting guide");
        foreach (var diagnosis in diagnoses)
        {
            check.Fails(diagnosis.Causes.Select(cause => cause with { What = $"{diagnosis.Id}: {cause.What}" }));
            check.Holds(diagnosis.Evidence.Select(evidence => evidence with { Text = $"{diagnosis.Id}: {evidence.Text}" }));
        }

        return check;
    }

    private static Check ReachabilityCheck(ImmutableArray<FlowResult> flows)
    {
        var check = new Check("reachability", "Exactly the specified connections are possible, no fewer and no more");
        foreach (var flow in flows)
        {
            var text = $"{flow.From} to {flow.To}: {flow.Protocol} {flow.Ports}".TrimEnd();
            if (flow.State == FlowState.Allowed)
            {
                check.Holds(flow.Evidence is [var first, ..] ? first.LogicalId : flow.From, $"{text}, through {string.Join("; ", flow.Evidence.Select(evidence => evidence.Text))}");
            }
            else
            {
                check.Fails(flow.Problems.Select(problem => problem with { What = $"{(flow.State == FlowState.Missing ? "blocked" : "not specified")}: {text}: {problem.What}" }));
            }
        }

        return check;
    }
}
