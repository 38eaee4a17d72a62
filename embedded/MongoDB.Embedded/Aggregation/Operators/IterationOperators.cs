using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$map</c>, <c>$filter</c>, <c>$reduce</c>, <c>$zip</c> and <c>$sortArray</c>.</summary>
internal static class IterationOperators
{
    public static void Register(OperatorTable table)
    {
        table.Add("$map", ParseMap);
        table.Add("$filter", ParseFilter);
        table.Add("$reduce", ParseReduce);
        table.Add("$zip", ParseZip);
        table.Add("$sortArray", ParseSortArray);
    }

    private static MapNode ParseMap(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(16878, "$map only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "as", "in"], name => new MongoError(16879, $"Unrecognized parameter to $map: {name}"));
        ExpressionNode input = named.Required("input", parser, () => new MongoError(16880, "Missing 'input' parameter to $map"));
        if (!named.Has("in"))
        {
            throw new MongoError(16882, "Missing 'in' parameter to $map");
        }
        int slot = parser.NewSlot();
        ExpressionNode body = parser.WithVariables([(VariableName(named), slot)], () => parser.Parse(named.Raw("in")));
        return new MapNode(input, slot, body);
    }

    private static FilterNode ParseFilter(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(28646, "$filter only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "as", "cond", "limit"], name => new MongoError(28647, $"Unrecognized parameter to $filter: {name}"));
        ExpressionNode input = named.Required("input", parser, () => new MongoError(28648, "Missing 'input' parameter to $filter"));
        if (!named.Has("cond"))
        {
            throw new MongoError(28650, "Missing 'cond' parameter to $filter");
        }
        int slot = parser.NewSlot();
        ExpressionNode condition = parser.WithVariables([(VariableName(named), slot)], () => parser.Parse(named.Raw("cond")));
        return new FilterNode(input, slot, condition, named.Optional("limit", parser));
    }

    private static ReduceNode ParseReduce(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40075, $"$reduce requires an object as an argument, found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "initialValue", "in"], name => new MongoError(40076, $"$reduce found an unknown argument: {name}"));
        ExpressionNode input = named.Required("input", parser, () => new MongoError(40077, "$reduce requires 'input' to be specified"));
        ExpressionNode initial = named.Required("initialValue", parser, () => new MongoError(40078, "$reduce requires 'initialValue' to be specified"));
        if (!named.Has("in"))
        {
            throw new MongoError(40079, "$reduce requires 'in' to be specified");
        }
        int element = parser.NewSlot();
        int value = parser.NewSlot();
        ExpressionNode body = parser.WithVariables([("this", element), ("value", value)], () => parser.Parse(named.Raw("in")));
        return new ReduceNode(input, initial, element, value, body);
    }

    private static ZipNode ParseZip(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(34460, $"$zip only supports an object as an argument, found {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["inputs", "useLongestLength", "defaults"], name => new MongoError(34464, $"$zip found an unknown argument: {name}"));
        BsonValue inputs = named.Raw("inputs");
        if (!inputs.IsMissing && !inputs.IsArray)
        {
            throw new MongoError(34461, $"inputs must be an array of expressions, found {inputs.Type.Name()}");
        }
        if (inputs.IsMissing || inputs.AsDocument.IsEmpty)
        {
            throw new MongoError(34465, "$zip requires at least one input array");
        }
        BsonValue longest = named.Raw("useLongestLength");
        if (!longest.IsMissing && longest.Type != BsonType.Boolean)
        {
            throw new MongoError(34463, $"useLongestLength must be a bool, found {longest.Type.Name()}");
        }
        BsonValue defaults = named.Raw("defaults");
        if (!defaults.IsMissing && !defaults.IsArray)
        {
            throw new MongoError(34462, $"defaults must be an array of expressions, found {defaults.Type.Name()}");
        }
        if (!defaults.IsMissing && !longest.IsTruthy)
        {
            throw new MongoError(34466, "cannot specify defaults unless useLongestLength is true");
        }
        if (!defaults.IsMissing && defaults.AsDocument.Count != inputs.AsDocument.Count)
        {
            throw new MongoError(34467, "defaults and inputs must have the same length");
        }
        return new ZipNode(
            parser.ParseArguments(inputs), longest.IsTruthy, defaults.IsMissing ? null : parser.ParseArguments(defaults));
    }

    private static SortArrayNode ParseSortArray(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(2942500, $"$sortArray requires an object as an argument, found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["input", "sortBy"], name => new MongoError(2942501, $"$sortArray found an unknown argument: {name}"));
        ExpressionNode input = named.Required("input", parser, () => new MongoError(2942502, "$sortArray requires 'input' to be specified"));
        BsonValue sortBy = named.Raw("sortBy");
        if (sortBy.IsMissing)
        {
            throw new MongoError(2942503, "$sortArray requires 'sortBy' to be specified");
        }
        if (sortBy.IsNumber)
        {
            return sortBy.TryToInt64Exact(out long order) && order is 1 or -1
                ? new SortArrayNode(input, null, order == 1)
                : throw new MongoError(2942505, "The $sort element value must be either 1 or -1");
        }
        return sortBy.IsDocument
            ? new SortArrayNode(input, SortPattern.Parse(sortBy.AsDocument), true)
            : throw new MongoError(2942507, "The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields");
    }

    private static string VariableName(NamedArguments named)
    {
        BsonValue name = named.Raw("as");
        if (name.IsMissing)
        {
            return "this";
        }
        string text = name.IsString ? name.AsString : "";
        ExpressionParser.CheckUserVariable(text);
        return text;
    }

    private sealed class MapNode(ExpressionNode input, int slot, ExpressionNode body) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue array = input.Evaluate(context);
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!array.IsArray)
            {
                throw new MongoError(16883, $"input to $map must be an array not {array.Type.Name()}");
            }
            using var writer = new BsonWriter();
            int index = 0;
            foreach (BsonElement element in array.AsDocument)
            {
                context[slot] = element.Value;
                BsonValue value = body.Evaluate(context);
                writer.Write(index++, value.IsMissing ? BsonValue.Null : value);
            }
            return BsonValue.Array(writer.ToDocument());
        }
    }

    private sealed class FilterNode(ExpressionNode input, int slot, ExpressionNode condition, ExpressionNode? limit) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue array = input.Evaluate(context);
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!array.IsArray)
            {
                throw new MongoError(28651, $"input to $filter must be an array not {array.Type.Name()}");
            }
            int most = Most(context);
            using var writer = new BsonWriter();
            int index = 0;
            foreach (BsonElement element in array.AsDocument)
            {
                context[slot] = element.Value;
                if (condition.Evaluate(context).IsTruthy)
                {
                    writer.Write(index++, element.Value);
                    if (index == most)
                    {
                        break;
                    }
                }
            }
            return BsonValue.Array(writer.ToDocument());
        }

        private int Most(EvaluationContext context)
        {
            BsonValue value = limit?.Evaluate(context) ?? BsonValue.Null;
            if (value.IsNullish)
            {
                return int.MaxValue;
            }
            if (!ArrayOperators.TryInt(value, out int most))
            {
                throw new MongoError(327391, $"$filter: limit must be represented as a 32-bit integral value: {BsonText.ToShell(value)}");
            }
            return most > 0 ? most : throw new MongoError(327392, $"$filter: limit must be greater than 0: {most}");
        }
    }

    private sealed class ReduceNode(ExpressionNode input, ExpressionNode initial, int element, int value, ExpressionNode body) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue array = input.Evaluate(context);
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!array.IsArray)
            {
                throw new MongoError(40080, $"$reduce requires that 'input' be an array, found: {array.Type.Name()}");
            }
            BsonValue accumulated = initial.Evaluate(context);
            foreach (BsonElement current in array.AsDocument)
            {
                context[element] = current.Value;
                context[value] = accumulated;
                accumulated = body.Evaluate(context);
            }
            return accumulated;
        }
    }

    private sealed class ZipNode(ExpressionNode[] inputs, bool longest, ExpressionNode[]? defaults) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            var arrays = new List<List<BsonValue>>();
            foreach (ExpressionNode input in inputs)
            {
                BsonValue array = input.Evaluate(context);
                if (array.IsNullish)
                {
                    return BsonValue.Null;
                }
                arrays.Add(array.IsArray
                    ? ArrayOperators.Elements(array)
                    : throw new MongoError(34468, $"$zip found a non-array expression in input: {BsonText.ToShell(array)}"));
            }
            int length = longest ? arrays.Max(a => a.Count) : arrays.Min(a => a.Count);
            using var writer = new BsonWriter();
            for (int row = 0; row < length; row++)
            {
                writer.StartArray(row);
                for (int column = 0; column < arrays.Count; column++)
                {
                    BsonValue value = row < arrays[column].Count ? arrays[column][row] : defaults?[column].Evaluate(context) ?? BsonValue.Null;
                    writer.Write(column, value.IsMissing ? BsonValue.Null : value);
                }
                writer.End();
            }
            return BsonValue.Array(writer.ToDocument());
        }
    }

    private sealed class SortArrayNode(ExpressionNode input, SortPattern? pattern, bool ascending) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            BsonValue array = input.Evaluate(context);
            if (array.IsNullish)
            {
                return BsonValue.Null;
            }
            if (!array.IsArray)
            {
                throw new MongoError(2942504, $"The input argument to $sortArray must be an array, but was of type: {array.Type.Name()}");
            }
            List<BsonValue> elements = ArrayOperators.Elements(array);
            var keyed = elements.Select(e => (Value: e, Key: pattern?.KeyOf(e.IsDocument ? e.AsDocument : BsonDoc.Empty)));
            IEnumerable<BsonValue> sorted = pattern is not null
                ? keyed.OrderBy(e => e.Key!, Comparer<BsonValue[]>.Create(pattern.CompareKeys)).Select(e => e.Value)
                : ascending ? elements.Order(BsonValueComparer.Instance) : elements.OrderDescending(BsonValueComparer.Instance);
            return ArrayOperators.ToArray(sorted);
        }
    }
}
