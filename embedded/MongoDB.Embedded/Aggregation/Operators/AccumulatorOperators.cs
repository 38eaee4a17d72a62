using MongoDB.Embedded.Aggregation.Accumulators;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>Accumulators used as expressions: over the elements of one array, or over several arguments.</summary>
internal static class AccumulatorOperators
{
    public static void Register(OperatorTable table)
    {
        Over(table, "$sum", () => new SumAccumulator());
        Over(table, "$avg", () => new AverageAccumulator());
        Over(table, "$min", () => new ExtremeAccumulator(max: false));
        Over(table, "$max", () => new ExtremeAccumulator(max: true));
        Over(table, "$stdDevPop", () => new DeviationAccumulator(sample: false));
        Over(table, "$stdDevSamp", () => new DeviationAccumulator(sample: true));
        Some(table, "$firstN", SomeKind.First);
        Some(table, "$lastN", SomeKind.Last);
        Some(table, "$minN", SomeKind.Min);
        Some(table, "$maxN", SomeKind.Max);
    }

    private static void Over(OperatorTable table, string name, Func<Accumulator> create) => table.Nary(name, 0, int.MaxValue, arguments =>
    {
        Accumulator accumulator = create();
        if (arguments.Length == 1 && arguments[0].IsArray)
        {
            foreach (BsonElement element in arguments[0].AsDocument)
            {
                accumulator.Add(element.Value);
            }
        }
        else
        {
            foreach (BsonValue value in arguments)
            {
                accumulator.Add(value);
            }
        }
        return accumulator.Result();
    });

    private static void Some(OperatorTable table, string name, SomeKind kind) => table.Add(name, (argument, parser) =>
    {
        (BsonValue input, BsonValue n) = AccumulatorSpec.ReadInputAndN(name, argument);
        return new SomeNode(name, kind, parser.Parse(input), parser.Parse(n));
    });

    private sealed class SomeNode(string name, SomeKind kind, ExpressionNode input, ExpressionNode n) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            int most = AccumulatorSpec.CheckN(n.Evaluate(context));
            BsonValue array = input.Evaluate(context);
            if (!array.IsArray)
            {
                throw new MongoError(5788200, $"Input must be an array, but {name} was given {array.Type.Name()}");
            }
            var accumulator = new SomeAccumulator(kind, most);
            foreach (BsonElement element in array.AsDocument)
            {
                accumulator.Add(element.Value);
            }
            return accumulator.Result();
        }
    }
}
