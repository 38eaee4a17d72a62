using System.Globalization;
using System.Text;

namespace MongoDB.Embedded.Auth;

/// <summary>
/// SASLprep (RFC 4013): the form in which passwords are compared. Text that it prohibits is used as it is, as the drivers'
/// specification leaves it to the server to refuse.
/// </summary>
internal static class SaslPrep
{
    public static string Prepare(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }
        var mapped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (IsMappedToNothing(c))
            {
                continue;
            }
            mapped.Append(char.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator ? ' ' : c);
        }
        string result = mapped.ToString();
        return result.IsNormalized(NormalizationForm.FormKC) ? result : result.Normalize(NormalizationForm.FormKC);
    }

    // RFC 3454, table B.1.
    private static bool IsMappedToNothing(char c) =>
        c is '\u00AD' or '\u034F' or '\u1806' or '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF'
            or (>= '\u180B' and <= '\u180D') or (>= '\uFE00' and <= '\uFE0F');
}
