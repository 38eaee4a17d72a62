using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>What the template is verified against, where the specification leaves a choice.</summary>
/// <param name="AllowHttpEgress">Whether the function and MongoDB may open TCP 80 to any address; where not, such a rule is an error.</param>
internal sealed record VerificationOptions(bool AllowHttpEgress = true);

/// <summary>Proves on a synthesized template, and on nothing else, that it is the topology that was specified.</summary>
internal static class Verifier
{
    /// <summary>Checks a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="options">The choices of the specification.</param>
    /// <returns>What was found; <see cref="VerificationReport.Passed"/> decides.</returns>
    public static VerificationReport Verify(Template template, VerificationOptions options) => throw new NotImplementedException();
}
