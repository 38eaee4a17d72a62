namespace RvkApp.Tests.Verification;

/// <summary>A change of the template that verification has to notice.</summary>
/// <param name="Name">What is changed.</param>
/// <param name="Check">The check that has to fail.</param>
/// <param name="Apply">Changes the template and says what a problem of that check has to name: a logical id or a piece of a rule.</param>
internal sealed record Mutant(string Name, string Check, Func<TemplateEditor, string> Apply);

/// <summary>All changes, by name.</summary>
internal static class Mutants
{
    public static IReadOnlyDictionary<string, Mutant> All { get; } =
        new[] { RuleMutants.All, GroupMutants.All, NetworkMutants.All, ExposureMutants.All, MongoMutants.All, StorageMutants.All, ApplicationMutants.All, AccessMutants.All, RecordMutants.All, UnknownMutants.All }
            .SelectMany(mutants => mutants).ToDictionary(mutant => mutant.Name, StringComparer.Ordinal);

    /// <summary>Their names, as the data of a theory.</summary>
    public static TheoryData<string> Names => [.. All.Keys];
}
