using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>Compares the connections that are possible with those that are meant, both ways.</summary>
internal static class FlowComparison
{
    /// <summary>The intended flows in their order, allowed or missing; then every other flow that is possible.</summary>
    public static ImmutableArray<FlowResult> Of(NetworkModel network, ImmutableArray<IntendedFlow> intended)
    {
        var requirements = new Requirements(network);
        var meant = intended.Select(flow =>
        {
            var blockers = requirements.Blockers(flow);
            return new FlowResult(flow.From, flow.To, flow.Protocol, Requirements.TrafficOf(flow).Ports, blockers.IsEmpty ? FlowState.Allowed : FlowState.Missing,
                blockers.IsEmpty ? requirements.Proof(flow) : [], blockers);
        });

        var listed = intended.Select(flow => new Connection(flow.From, flow.To, Requirements.TrafficOf(flow), [])).ToArray();
        var extra = Reachability.Of(network).SelectMany(connection => connection.Without(listed)).Select(connection => new FlowResult(
            connection.From, connection.To, connection.Traffic.Protocol, connection.Traffic.Ports, FlowState.Extra, connection.Because,
            [
                .. connection.Because.Select(because => new Problem(because.LogicalId, $"{connection.From} can open {connection.Traffic} to {connection.To}: {because.Text}",
                    "remove it or narrow it: no such connection is specified")),
            ]));
        return [.. meant, .. extra];
    }
}
