namespace RvkApp.AppHost.Verification;

/// <summary>A report for people, in plain text of no colour.</summary>
internal static class VerificationText
{
    /// <summary>The whole report: matrix, checklist, invariants, flows that are wrong, diagnoses that apply, verdict.</summary>
    public static string Render(VerificationReport report) => throw new NotImplementedException();

    /// <summary>The checks of a kind, a line each with its tick, and under a failed one what is wrong and how to fix it.</summary>
    public static string Checks(VerificationReport report, CheckKind kind) => throw new NotImplementedException();

    /// <summary>Who may open what to whom, as a table: a row for each that opens, a column for each that answers.</summary>
    public static string Matrix(VerificationReport report) => throw new NotImplementedException();
}
