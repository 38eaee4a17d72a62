using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>
/// The server's regular expressions are PCRE in UTF mode; this turns the pattern into .NET's. Where they differ: \d \w \s are
/// ASCII, \Q…\E quotes, (?P&lt;name&gt;…) names a group, [[:alpha:]] is a class.
/// </summary>
internal static class PcrePattern
{
    /// <summary>A pattern that runs longer than this on one value is an error, not a hang.</summary>
    public static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(2);

    private static readonly SearchValues<char> Special = SearchValues.Create(@"\^$.|?*+()[]{}");

    private static readonly Dictionary<string, string> PosixClasses = new(StringComparer.Ordinal)
    {
        ["alpha"] = "a-zA-Z",
        ["digit"] = "0-9",
        ["alnum"] = "a-zA-Z0-9",
        ["upper"] = "A-Z",
        ["lower"] = "a-z",
        ["space"] = @"\t\n\v\f\r ",
        ["blank"] = @"\t ",
        ["punct"] = @"!-/:-@\[-`{-~",
        ["xdigit"] = "0-9A-Fa-f",
        ["word"] = "a-zA-Z0-9_",
        ["cntrl"] = @"\x00-\x1F\x7F",
        ["print"] = @"\x20-\x7E",
        ["graph"] = @"\x21-\x7E",
    };

    /// <exception cref="MongoError">51108 for an unknown option, 51091 for a malformed pattern.</exception>
    public static Regex Compile(string pattern, string options)
    {
        RegexOptions flags = RegexOptions.CultureInvariant;
        foreach (char option in options)
        {
            flags |= option switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                'u' => RegexOptions.None,
                _ => throw new MongoError(51108, $"invalid flag in regex options: {option}"),
            };
        }
        try
        {
            return new Regex(Translate(pattern), flags, MatchTimeout);
        }
        catch (ArgumentException error)
        {
            throw new MongoError(51091, $"Regular expression is invalid: {error.Message}");
        }
    }

    public static MongoError TooExpensive(string pattern) =>
        new(51156, $"Error occurred while executing regular expression '{pattern}': it backtracks for more than {MatchTimeout.TotalSeconds} s on one value");

    /// <summary>Whether the pattern is plain text, possibly behind a leading ^, so that no engine is needed.</summary>
    public static bool TryLiteral(string pattern, string options, out string literal, out bool anchored)
    {
        anchored = pattern.StartsWith('^');
        literal = anchored ? pattern[1..] : pattern;
        return options.AsSpan().IndexOfAnyExcept('s', 'u') < 0 && literal.AsSpan().IndexOfAny(Special) < 0;
    }

    /// <summary>The text every match starts with ("^abc.*" gives abc), for a range of an index; null if there is none.</summary>
    public static string? Prefix(string pattern, string options)
    {
        bool start = pattern.StartsWith('^') || pattern.StartsWith(@"\A", StringComparison.Ordinal);
        if (!start || options.AsSpan().IndexOfAnyExcept('s', 'u') >= 0 || pattern.Contains('|', StringComparison.Ordinal))
        {
            return null;
        }
        ReadOnlySpan<char> rest = pattern.AsSpan(pattern[0] == '^' ? 1 : 2);
        int end = rest.IndexOfAny(Special);
        if (end >= 0 && rest[end] is '?' or '*' or '{')
        {
            // The quantifier may take the last character away; one in two UTF-16 units goes as a whole.
            end -= end > 1 && char.IsLowSurrogate(rest[end - 1]) ? 2 : 1;
        }
        ReadOnlySpan<char> prefix = end < 0 ? rest : rest[..Math.Max(end, 0)];
        return prefix.IsEmpty ? null : prefix.ToString();
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                i = Escape(pattern, i, inClass, result);
            }
            else if (inClass)
            {
                i = InClass(pattern, i, result, ref inClass);
            }
            else if (c == '[')
            {
                inClass = true;
                result.Append(c);
                if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                {
                    result.Append(pattern[++i]);
                }
                if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                {
                    // A bracket right after the opening one is a member.
                    result.Append(@"\]");
                    i++;
                }
            }
            else if (c == '(' && string.CompareOrdinal(pattern, i, "(?P<", 0, 4) == 0)
            {
                result.Append("(?<");
                i += 3;
            }
            else if (c == '+' && i > 0 && pattern[i - 1] is '+' or '*' or '?' && (i < 2 || pattern[i - 2] != '\\'))
            {
                throw new MongoError(51091, $"Regular expression is invalid: possessive quantifiers are not supported at offset {i}");
            }
            else
            {
                result.Append(c);
            }
        }
        return result.ToString();
    }

    private static int InClass(string pattern, int i, StringBuilder result, ref bool inClass)
    {
        char c = pattern[i];
        if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':')
        {
            int end = pattern.IndexOf(":]", i + 2, StringComparison.Ordinal);
            if (end > 0 && PosixClasses.TryGetValue(pattern[(i + 2)..end], out string? members))
            {
                result.Append(members);
                return end + 1;
            }
        }
        if (c == ']')
        {
            inClass = false;
        }
        else if (c == '[')
        {
            // .NET would read [a-z-[aeiou]] as a subtraction.
            result.Append('\\');
        }
        result.Append(c);
        return i;
    }

    private static int Escape(string pattern, int i, bool inClass, StringBuilder result)
    {
        char c = pattern[i + 1];
        switch (c)
        {
            case 'Q':
                int end = pattern.IndexOf(@"\E", i + 2, StringComparison.Ordinal);
                end = end < 0 ? pattern.Length : end;
                result.Append(Regex.Escape(pattern[(i + 2)..end]));
                return end + 1;
            case 'd' or 'w' or 's':
                string members = c == 'd' ? "0-9" : c == 'w' ? "a-zA-Z0-9_" : @"\t\n\v\f\r ";
                result.Append(inClass ? members : $"[{members}]");
                return i + 1;
            case 'D' or 'W' or 'S' when !inClass:
                result.Append(c == 'D' ? "[^0-9]" : c == 'W' ? "[^a-zA-Z0-9_]" : @"[^\t\n\v\f\r ]");
                return i + 1;
            case 'h':
                result.Append(inClass ? @"\t " : @"[\t ]");
                return i + 1;
            default:
                result.Append(pattern, i, 2);
                return i + 1;
        }
    }
}
