namespace Aspire.Hosting;

/// <summary>Turns names of the model into names that shells accept for variables.</summary>
internal static class VariableName
{
    /// <summary>The name with everything but ASCII letters, digits and underscores replaced by an underscore, and one in front of a leading digit.</summary>
    public static string From(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var replaced = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return replaced.Length > 0 && char.IsAsciiDigit(replaced[0]) ? $"_{replaced}" : replaced;
    }
}
