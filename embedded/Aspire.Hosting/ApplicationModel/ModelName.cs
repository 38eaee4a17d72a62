namespace Aspire.Hosting.ApplicationModel;

/// <summary>The rule for names in the model: they end up in environment variables, host names and file names.</summary>
internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string kind, string? name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (Fault(name) is { } fault)
        {
            throw new ArgumentException($"{kind} name '{name}' is not valid: {fault}.", nameof(name));
        }
    }

    private static string? Fault(string name)
    {
        if (name.Length > MaxLength)
        {
            return $"it has {name.Length} characters, at most {MaxLength} are allowed";
        }

        if (!char.IsAsciiLetter(name[0]))
        {
            return "it must start with an ASCII letter";
        }

        if (name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            return "it may contain only ASCII letters, digits and hyphens";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            return "it may not contain consecutive hyphens";
        }

        return name[^1] == '-' ? "it may not end with a hyphen" : null;
    }
}
