using System.Text.RegularExpressions;

namespace RvkApp.Tests.Topology.Specification;

/// <summary>What EC2 takes as the description of a group or a rule: 1 to 255 characters of its set.</summary>
internal static partial class SecurityDescription
{
    public static bool IsValidForGroup(string description) => Any().IsMatch(description);

    /// <summary>A rule that names a group may not have an ampersand.</summary>
    public static bool IsValidForRule(string description, bool namesGroup) => Any().IsMatch(description) && !(namesGroup && description.Contains('&', StringComparison.Ordinal));

    [GeneratedRegex(@"^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}\z")]
    private static partial Regex Any();
}
