using System.Globalization;
using System.Text;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Tests.Bson;

/// <summary>The recursive-descent reader behind <see cref="Shell"/>.</summary>
internal sealed class ShellReader(string text)
{
    private int _at;

    public void ExpectEnd()
    {
        SkipSpace();
        if (_at != text.Length)
        {
            throw Fail("end of text");
        }
    }

    public BsonValue ReadValue()
    {
        SkipSpace();
        char c = Peek();
        return c switch
        {
            '{' => ReadDocument(),
            '[' => ReadArray(),
            '"' or '\'' => BsonValue.String(ReadQuoted()),
            '/' => ReadRegex(),
            '-' or '+' or (>= '0' and <= '9') => ReadNumber(),
            _ => ReadWord(),
        };
    }

    private BsonValue ReadDocument()
    {
        using var writer = new BsonWriter();
        _at++;
        while (!TryTake('}'))
        {
            SkipSpace();
            string name = Peek() is '"' or '\'' ? ReadQuoted() : ReadName();
            Take(':');
            writer.Write(name, ReadValue());
            if (!TryTake(','))
            {
                Take('}');
                break;
            }
        }
        return BsonValue.Document(writer.ToDocument());
    }

    private BsonValue ReadArray()
    {
        using var writer = new BsonWriter();
        _at++;
        for (int i = 0; !TryTake(']'); i++)
        {
            writer.Write(i, ReadValue());
            if (!TryTake(','))
            {
                Take(']');
                break;
            }
        }
        return BsonValue.Array(writer.ToDocument());
    }

    private BsonValue ReadNumber()
    {
        int start = _at;
        if (Peek() is '-' or '+')
        {
            _at++;
            if (char.IsLetter(Peek()))
            {
                BsonValue word = ReadWord();
                return BsonValue.Double(text[start] == '-' ? -word.AsDouble : word.AsDouble);
            }
        }
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or 'e' or 'E' || (text[_at] is '-' or '+' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }
        ReadOnlySpan<char> number = text.AsSpan(start, _at - start);
        return number.IndexOfAny('.', 'e', 'E') >= 0
            ? BsonValue.Double(double.Parse(number, CultureInfo.InvariantCulture))
            : BsonValue.Integer(long.Parse(number, CultureInfo.InvariantCulture));
    }

    private BsonValue ReadRegex()
    {
        int start = ++_at;
        while (Peek() != '/')
        {
            _at += Peek() == '\\' ? 2 : 1;
        }
        string pattern = text[start.._at++];
        start = _at;
        while (_at < text.Length && char.IsAsciiLetter(text[_at]))
        {
            _at++;
        }
        return BsonValue.Regex(pattern, text[start.._at]);
    }

    private BsonValue ReadWord()
    {
        string word = ReadName();
        switch (word)
        {
            case "true":
                return BsonValue.True;
            case "false":
                return BsonValue.False;
            case "null":
                return BsonValue.Null;
            case "undefined":
                return BsonValue.Undefined;
            case "NaN":
                return BsonValue.Double(double.NaN);
            case "Infinity":
                return BsonValue.Double(double.PositiveInfinity);
            case "MinKey":
                return BsonValue.MinKey;
            case "MaxKey":
                return BsonValue.MaxKey;
            case "missing":
                return BsonValue.Missing;
            default:
                break;
        }
        List<string> arguments = ReadArguments();
        return word switch
        {
            "NumberLong" or "Long" => BsonValue.Int64(long.Parse(arguments[0], CultureInfo.InvariantCulture)),
            "NumberInt" => BsonValue.Int32(int.Parse(arguments[0], CultureInfo.InvariantCulture)),
            "NumberDecimal" => BsonValue.Decimal(Decimal128.Parse(arguments[0])),
            "ObjectId" => ObjectId.TryParse(arguments[0], out ObjectId id) ? BsonValue.ObjectId(id) : throw Fail("an ObjectId"),
            "Date" => BsonValue.DateTime(long.Parse(arguments[0], CultureInfo.InvariantCulture)),
            "ISODate" => BsonValue.DateTime(DateTimeOffset.Parse(
                arguments[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds()),
            "Timestamp" => BsonValue.Timestamp(
                uint.Parse(arguments[0], CultureInfo.InvariantCulture), uint.Parse(arguments[1], CultureInfo.InvariantCulture)),
            "HexData" or "BinData" => BsonValue.Binary(
                byte.Parse(arguments[0], CultureInfo.InvariantCulture), Convert.FromHexString(arguments.Count > 1 ? arguments[1] : "")),
            "Code" => BsonValue.JavaScript(arguments[0]),
            "Symbol" => BsonValue.Symbol(arguments[0]),
            "RegExp" => BsonValue.Regex(arguments[0], arguments.Count > 1 ? arguments[1] : ""),
            _ => throw Fail($"a value, not '{word}'"),
        };
    }

    private List<string> ReadArguments()
    {
        var arguments = new List<string>();
        Take('(');
        while (!TryTake(')'))
        {
            SkipSpace();
            if (Peek() is '"' or '\'')
            {
                arguments.Add(ReadQuoted());
            }
            else
            {
                int start = _at;
                while (Peek() is not (',' or ')'))
                {
                    _at++;
                }
                arguments.Add(text[start.._at].Trim());
            }
            TryTake(',');
        }
        return arguments;
    }

    private string ReadQuoted()
    {
        var result = new StringBuilder();
        char quote = text[_at++];
        while (Peek() != quote)
        {
            char c = text[_at++];
            if (c != '\\')
            {
                result.Append(c);
                continue;
            }
            c = text[_at++];
            switch (c)
            {
                case 'n':
                    result.Append('\n');
                    break;
                case 't':
                    result.Append('\t');
                    break;
                case 'u':
                    result.Append((char)ushort.Parse(text.AsSpan(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    _at += 4;
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }
        _at++;
        return result.ToString();
    }

    private string ReadName()
    {
        int start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '$' or '.'))
        {
            _at++;
        }
        return _at > start ? text[start.._at] : throw Fail("a name");
    }

    private char Peek() => _at < text.Length ? text[_at] : throw Fail("more text");

    private bool TryTake(char c)
    {
        SkipSpace();
        if (_at < text.Length && text[_at] == c)
        {
            _at++;
            return true;
        }
        return false;
    }

    private void Take(char c)
    {
        if (!TryTake(c))
        {
            throw Fail($"'{c}'");
        }
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private FormatException Fail(string wanted) => new($"Expected {wanted} at {_at} of: {text}");
}
