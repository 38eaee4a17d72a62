namespace RvkApp.AppHost.Verification;

/// <summary><c>verification.json</c>: the report for machines. The same report always gives the same bytes.</summary>
internal static class VerificationJson
{
    /// <summary>The version of the schema; it grows when a field changes its meaning, not when one is added.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes a report: camelCase, indented, lines ended by <c>\n</c>.</summary>
    public static string Serialize(VerificationReport report) => throw new NotImplementedException();

    /// <summary>Reads a report back.</summary>
    /// <exception cref="TemplateException">The text is no report, or of another schema version.</exception>
    public static VerificationReport Deserialize(string json) => throw new NotImplementedException();
}
