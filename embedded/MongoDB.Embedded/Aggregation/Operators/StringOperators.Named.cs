using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

internal static partial class StringOperators
{
    // What $trim takes away when it is not told ("$trim (expression operator)").
    private const string Whitespace =
        "\0 \t\n\v\f\r\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A";

    private static void RegisterTrim(OperatorTable table)
    {
        table.Add("$trim", (argument, parser) => ParseTrim("$trim", argument, parser, left: true, right: true));
        table.Add("$ltrim", (argument, parser) => ParseTrim("$ltrim", argument, parser, left: true, right: false));
        table.Add("$rtrim", (argument, parser) => ParseTrim("$rtrim", argument, parser, left: false, right: true));
    }

    private static void RegisterReplace(OperatorTable table)
    {
        table.Add("$replaceOne", (argument, parser) => ParseReplace("$replaceOne", argument, parser, all: false));
        table.Add("$replaceAll", (argument, parser) => ParseReplace("$replaceAll", argument, parser, all: true));
    }

    private static TrimNode ParseTrim(string name, BsonValue argument, ExpressionParser parser, bool left, bool right)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(50696, $"{name} only supports an object as an argument, found {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "chars"], unknown => new MongoError(50694, $"{name} found an unknown argument: {unknown}"));
        return new TrimNode(
            name,
            named.Required("input", parser, () => new MongoError(50695, $"{name} requires an 'input' field")),
            named.Optional("chars", parser),
            left,
            right);
    }

    private static ReplaceNode ParseReplace(string name, BsonValue argument, ExpressionParser parser, bool all)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(51751, $"{name} requires an object as an argument, found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "find", "replacement"], unknown => new MongoError(51750, $"{name} found an unknown argument: {unknown}"));
        return new ReplaceNode(
            name,
            named.Required("input", parser, () => new MongoError(51749, $"{name} requires 'input' to be specified")),
            named.Required("find", parser, () => new MongoError(51748, $"{name} requires 'find' to be specified")),
            named.Required("replacement", parser, () => new MongoError(51747, $"{name} requires 'replacement' to be specified")),
            all);
    }

    private sealed class TrimNode(string name, ExpressionNode input, ExpressionNode? characters, bool left, bool right) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue value = input.Evaluate(context);
            if (value.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!value.IsString)
            {
                throw new MongoError(
                    50699, $"{name} requires its input to be a string, got {BsonText.ToShell(value)} (of type {value.Type.Name()}) instead.");
            }
            string set = Whitespace;
            if (characters is not null)
            {
                BsonValue chars = characters.Evaluate(context);
                if (chars.IsNullish)
                {
                    return BsonValue.Null;
                }
                set = chars.IsString
                    ? chars.AsString
                    : throw new MongoError(
                        50700, $"{name} requires 'chars' to be a string, got {BsonText.ToShell(chars)} (of type {chars.Type.Name()}) instead.");
            }
            return BsonValue.String(Trim(value.AsString, set));
        }

        // By code point: a character of two UTF-16 units is in the set as a whole or not at all.
        private string Trim(string text, string set)
        {
            var runes = set.EnumerateRunes().ToHashSet();
            int start = 0;
            int end = text.Length;
            while (left && start < end && System.Text.Rune.DecodeFromUtf16(text.AsSpan(start, end - start), out var first, out int size) == System.Buffers.OperationStatus.Done
                && runes.Contains(first))
            {
                start += size;
            }
            while (right && start < end && System.Text.Rune.DecodeLastFromUtf16(text.AsSpan(start, end - start), out var last, out int size) == System.Buffers.OperationStatus.Done
                && runes.Contains(last))
            {
                end -= size;
            }
            return text[start..end];
        }
    }

    private sealed class ReplaceNode(string name, ExpressionNode input, ExpressionNode find, ExpressionNode replacement, bool all) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue text = Argument(input, context, 51746, "input");
            BsonValue pattern = Argument(find, context, 51745, "find");
            BsonValue by = Argument(replacement, context, 51744, "replacement");
            if (text.IsNullish || pattern.IsNullish || by.IsNullish)
            {
                return BsonValue.Null;
            }
            string source = text.AsString;
            string sought = pattern.AsString;
            if (sought.Length == 0)
            {
                return BsonValue.String(all ? Interleave(source, by.AsString) : by.AsString + source);
            }
            if (all)
            {
                return BsonValue.String(source.Replace(sought, by.AsString, StringComparison.Ordinal));
            }
            int at = source.IndexOf(sought, StringComparison.Ordinal);
            return at < 0 ? text : BsonValue.String(string.Concat(source.AsSpan(0, at), by.AsString, source.AsSpan(at + sought.Length)));
        }

        // Replacing the empty string puts the replacement around every character.
        private static string Interleave(string source, string by)
        {
            var result = new System.Text.StringBuilder(by);
            foreach (System.Text.Rune rune in source.EnumerateRunes())
            {
                result.Append(rune).Append(by);
            }
            return result.ToString();
        }

        private BsonValue Argument(ExpressionNode node, EvaluationContext context, int code, string what)
        {
            BsonValue value = node.Evaluate(context);
            return value.IsString || value.IsNullish
                ? value
                : throw new MongoError(code, $"{name} requires that '{what}' be a string, found: {BsonText.ToShell(value)}");
        }
    }
}
