using System.Buffers;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>What names and values of HTTP headers may be made of (RFC 9110, sections 5.5 and 5.6.2).</summary>
internal static class HeaderSyntax
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Control characters other than the tab. What is not ASCII is allowed and sent as UTF-8.
    private static readonly SearchValues<char> NotInValues = SearchValues.Create([.. Enumerable.Range(0, 32).Where(c => c != '\t').Select(c => (char)c), (char)127]);

    /// <summary>Whether a text can be the name of a header.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenCharacters);

    /// <summary>Whether a text can be the value of a header.</summary>
    public static bool IsValue(ReadOnlySpan<char> text) => !text.ContainsAny(NotInValues);
}
