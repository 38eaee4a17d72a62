using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A connection that one of two templates allows and the other does not.</summary>
/// <param name="From">Who opens it.</param>
/// <param name="To">Who answers.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c>, <c>https</c>, <c>invoke</c>, <c>all</c>, …</param>
/// <param name="Ports">A port or a range; empty where there are none.</param>
/// <param name="Because">The rules, routes and settings that did it.</param>
internal sealed record ReachabilityChange(string From, string To, string Protocol, string Ports, ImmutableArray<Evidence> Because);

/// <summary>What two templates differ in, as far as it decides who reaches whom.</summary>
/// <param name="Before">The first template's name.</param>
/// <param name="After">The second template's name.</param>
/// <param name="NowReachable">What the second allows and the first does not.</param>
/// <param name="NoLongerReachable">What the first allows and the second does not.</param>
/// <param name="RulesAdded">Rules of security groups that only the second has.</param>
/// <param name="RulesRemoved">Rules of security groups that only the first has.</param>
internal sealed record PolicyDifference(
    string Before, string After,
    ImmutableArray<ReachabilityChange> NowReachable, ImmutableArray<ReachabilityChange> NoLongerReachable,
    ImmutableArray<Evidence> RulesAdded, ImmutableArray<Evidence> RulesRemoved);

/// <summary>Compares who reaches whom in two templates.</summary>
internal static class PolicyDiff
{
    /// <summary>Compares two templates.</summary>
    public static PolicyDifference Compare(Template before, Template after) => throw new NotImplementedException();

    /// <summary>The difference for people.</summary>
    public static string Text(PolicyDifference difference) => throw new NotImplementedException();

    /// <summary>The difference for machines, in the manner of <see cref="VerificationJson"/>.</summary>
    public static string Json(PolicyDifference difference) => throw new NotImplementedException();
}
