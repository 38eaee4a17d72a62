using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary><c>$regex</c>: matches strings, and regular expression values that are the same.</summary>
internal sealed class RegexPredicate : ValuePredicate
{
    private const int StackChars = 256;

    private readonly string _pattern;
    private readonly string _options;
    private readonly Regex? _regex;
    private readonly byte[]? _literal;
    private readonly bool _anchored;

    public RegexPredicate(string pattern, string options)
    {
        _pattern = pattern;
        _options = options;
        if (PcrePattern.TryLiteral(pattern, options, out string literal, out _anchored))
        {
            // Plain text needs no regular expression: it is searched in the UTF-8 bytes.
            _literal = Encoding.UTF8.GetBytes(literal);
        }
        else
        {
            _regex = PcrePattern.Compile(pattern, options);
        }
    }

    public override bool Test(BsonValue value, ref int position)
    {
        if (value.Type is BsonType.String or BsonType.Symbol)
        {
            ReadOnlySpan<byte> utf8 = value.StringUtf8;
            return _literal is null ? MatchRegex(utf8)
                : _anchored ? utf8.StartsWith(_literal) : utf8.IndexOf(_literal) >= 0;
        }
        return value.Type == BsonType.Regex && value.AsRegex == (_pattern, _options);
    }

    private bool MatchRegex(ReadOnlySpan<byte> utf8)
    {
        char[]? rented = utf8.Length > StackChars ? ArrayPool<char>.Shared.Rent(utf8.Length) : null;
        Span<char> chars = rented ?? stackalloc char[StackChars];
        try
        {
            int length = Encoding.UTF8.GetChars(utf8, chars);
            return _regex!.IsMatch(chars[..length]);
        }
        catch (RegexMatchTimeoutException)
        {
            throw PcrePattern.TooExpensive(_pattern);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<char>.Shared.Return(rented);
            }
        }
    }
}
