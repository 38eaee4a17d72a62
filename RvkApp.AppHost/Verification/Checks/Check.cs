using System.Collections.Immutable;

namespace RvkApp.AppHost.Verification;

/// <summary>A check while it runs: collects what holds and what does not.</summary>
/// <param name="id">Its stable name.</param>
/// <param name="title">What has to hold.</param>
internal sealed class Check(string id, string title)
{
    private readonly List<Evidence> _evidence = [];
    private readonly List<Problem> _problems = [];

    /// <summary>Something that holds.</summary>
    public void Holds(string logicalId, string text) => _evidence.Add(new(logicalId, text));

    /// <summary>Something that holds.</summary>
    public void Holds(IEnumerable<Evidence> evidence) => _evidence.AddRange(evidence);

    /// <summary>Something missing or wrong.</summary>
    public void Fails(string? logicalId, string what, string fix) => _problems.Add(new(logicalId, what, fix));

    /// <summary>Something missing or wrong.</summary>
    public void Fails(IEnumerable<Problem> problems) => _problems.AddRange(problems);

    /// <summary>Something that holds, or does not.</summary>
    public void Expect(bool holds, string logicalId, string text, string what, string fix)
    {
        if (holds)
        {
            Holds(logicalId, text);
        }
        else
        {
            Fails(logicalId, what, fix);
        }
    }

    /// <summary>A property of a resource has a value.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="path">The property, such as <c>DeploymentConfiguration.MaximumPercent</c>.</param>
    /// <param name="expected">The value as text.</param>
    public void ExpectProperty(Resource resource, string path, string expected) => ExpectValue(resource.Id, resource.Properties, path, expected);

    /// <summary>A property of a value has a value.</summary>
    public void ExpectValue(string logicalId, Value? owner, string path, string expected)
    {
        var actual = owner?.At(path.Split('.'))?.ToString();
        Expect(string.Equals(actual, expected, StringComparison.Ordinal), logicalId, $"{logicalId} {path} {expected}",
            $"{logicalId} {path} is {actual ?? "missing"}, not {expected}", $"set {path} of {logicalId} to {expected}");
    }

    /// <summary>The result. A check that found nothing to look at has proven nothing, so it fails.</summary>
    public CheckResult Result()
    {
        ImmutableArray<Problem> problems = [.. _problems.Distinct()];
        ImmutableArray<Evidence> evidence = [.. _evidence.Distinct()];
        if (problems.IsEmpty && evidence.IsEmpty)
        {
            problems = [new(null, $"nothing in the template shows that: {title}", "add what the specification asks for")];
        }

        return new(id, id.StartsWith("checklist-", StringComparison.Ordinal) ? CheckKind.Checklist : CheckKind.Invariant, title, problems.IsEmpty, evidence, problems);
    }
}
