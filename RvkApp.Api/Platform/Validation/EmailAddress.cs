namespace RvkApp.Api.Platform.Validation;

/// <summary>
/// E-mail addresses as people have them: a dot-atom (RFC 5321, section 4.1.2; letters of other scripts by RFC 6531) at a domain of
/// at least two labels. Quoted local parts, comments and address literals are not accepted.
/// </summary>
internal static class EmailAddress
{
    private const int LocalPartMaximum = 64;
    private const int LabelMaximum = 63;

    public static bool IsValid(ReadOnlySpan<char> address)
    {
        var at = address.IndexOf('@');
        return at > 0 && at <= LocalPartMaximum && IsDotAtom(address[..at]) && IsDomain(address[(at + 1)..]);
    }

    private static bool IsDotAtom(ReadOnlySpan<char> text)
    {
        foreach (var range in text.Split('.'))
        {
            if (text[range].IsEmpty || !All(text[range], static c => IsLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsDomain(ReadOnlySpan<char> text)
    {
        var labels = 0;
        foreach (var range in text.Split('.'))
        {
            var label = text[range];
            if (label.Length is 0 or > LabelMaximum || label[0] == '-' || label[^1] == '-' || !All(label, static c => IsLetterOrDigit(c) || c == '-'))
            {
                return false;
            }

            labels++;
        }

        return labels >= 2;
    }

    private static bool IsLetterOrDigit(char c) => char.IsAscii(c) ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c);

    private static bool All(ReadOnlySpan<char> text, Func<char, bool> predicate)
    {
        foreach (var c in text)
        {
            if (!predicate(c))
            {
                return false;
            }
        }

        return true;
    }
}
