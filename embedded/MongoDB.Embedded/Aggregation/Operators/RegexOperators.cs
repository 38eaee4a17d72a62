using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$regexMatch</c>, <c>$regexFind</c> and <c>$regexFindAll</c>.</summary>
internal static class RegexOperators
{
    private enum Mode
    {
        Match,
        Find,
        FindAll,
    }

    public static void Register(OperatorTable table)
    {
        table.Add("$regexMatch", (argument, parser) => Parse("$regexMatch", argument, parser, Mode.Match));
        table.Add("$regexFind", (argument, parser) => Parse("$regexFind", argument, parser, Mode.Find));
        table.Add("$regexFindAll", (argument, parser) => Parse("$regexFindAll", argument, parser, Mode.FindAll));
    }

    private static RegexNode Parse(string name, BsonValue argument, ExpressionParser parser, Mode mode)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(51103, $"{name} expects an object of named arguments but found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "regex", "options"], unknown => new MongoError(31024, $"{name} found an unknown argument: {unknown}"));
        return new RegexNode(
            name,
            named.Required("input", parser, () => new MongoError(31022, $"{name} requires 'input' parameter")),
            named.Required("regex", parser, () => new MongoError(31023, $"{name} requires 'regex' parameter")),
            named.Optional("options", parser),
            mode);
    }

    private sealed record CompiledPattern(string Pattern, string Options, Regex Regex);

    private sealed class RegexNode(string name, ExpressionNode input, ExpressionNode regex, ExpressionNode? options, Mode mode)
        : ExpressionNode
    {
        // The pattern is nearly always the same from document to document.
        private CompiledPattern? _last;

        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue text = input.Evaluate(context);
            if (!text.IsNullish && !text.IsString)
            {
                throw new MongoError(51104, $"{name} needs 'input' to be of type string");
            }
            Regex? compiled = Compile(regex.Evaluate(context), options?.Evaluate(context) ?? BsonValue.Missing);
            if (compiled is null || text.IsNullish)
            {
                return mode switch
                {
                    Mode.Match => BsonValue.False,
                    Mode.Find => BsonValue.Null,
                    _ => BsonValue.EmptyArray,
                };
            }
            try
            {
                return Run(compiled, text.AsString);
            }
            catch (RegexMatchTimeoutException)
            {
                throw PcrePattern.TooExpensive(compiled.ToString());
            }
        }

        private BsonValue Run(Regex compiled, string text)
        {
            switch (mode)
            {
                case Mode.Match:
                    return BsonValue.Boolean(compiled.IsMatch(text));
                case Mode.Find:
                    Match first = compiled.Match(text);
                    return first.Success ? Describe(first, text) : BsonValue.Null;
                default:
                    var found = new List<BsonValue>();
                    foreach (Match match in compiled.Matches(text))
                    {
                        found.Add(Describe(match, text));
                    }
                    return ArrayOperators.ToArray(found);
            }
        }

        // {match, idx (in code points), captures}
        private static BsonValue Describe(Match match, string text)
        {
            using var writer = new BsonWriter();
            writer.Write("match", match.Value);
            int index = 0;
            foreach (Rune _ in text.AsSpan(0, match.Index).EnumerateRunes())
            {
                index++;
            }
            writer.Write("idx", index);
            writer.StartArray("captures");
            for (int i = 1; i < match.Groups.Count; i++)
            {
                Group group = match.Groups[i];
                writer.Write(i - 1, group.Success ? BsonValue.String(group.Value) : BsonValue.Null);
            }
            writer.End();
            return BsonValue.Document(writer.ToDocument());
        }

        private Regex? Compile(BsonValue pattern, BsonValue given)
        {
            if (!given.IsNullish && !given.IsString)
            {
                throw new MongoError(51106, $"{name} needs 'options' to be of type string");
            }
            if (pattern.IsNullish)
            {
                return null;
            }
            string text;
            string flags = given.IsString ? given.AsString : "";
            if (pattern.IsString)
            {
                text = pattern.AsString;
            }
            else if (pattern.Type == BsonType.Regex)
            {
                (text, string own) = pattern.AsRegex;
                if (own.Length > 0 && given.IsString)
                {
                    throw new MongoError(51107, $"{name}: found regex option(s) specified in both 'regex' and 'option' fields");
                }
                flags = own.Length > 0 ? own : flags;
            }
            else
            {
                throw new MongoError(51105, $"{name} needs 'regex' to be of type string or regex");
            }
            CompiledPattern? last = _last;
            if (last is null || last.Pattern != text || last.Options != flags)
            {
                last = new CompiledPattern(text, flags, Compile(text, flags));
                _last = last;
            }
            return last.Regex;
        }

        private Regex Compile(string text, string flags)
        {
            try
            {
                return PcrePattern.Compile(text, flags);
            }
            catch (MongoError error) when (error.Code == 51091)
            {
                throw new MongoError(51111, string.Create(CultureInfo.InvariantCulture, $"Invalid Regex in {name}: {error.Message}"));
            }
        }
    }
}
