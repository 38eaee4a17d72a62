using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation;

/// <summary>Compiles one operator's argument.</summary>
internal delegate ExpressionNode OperatorCompiler(BsonValue argument, ExpressionParser parser);

/// <summary>Any number of evaluated arguments to a value.</summary>
internal delegate BsonValue NaryFunction(ReadOnlySpan<BsonValue> arguments);

/// <summary>The table of expression operators. Each subject adds its own; see the Operators folder.</summary>
internal static class ExpressionOperators
{
    private static readonly Dictionary<string, OperatorCompiler> Table = Build();

    /// <summary>Whether there is an operator of that name, given with its <c>$</c>.</summary>
    public static bool IsKnown(string name) => Table.ContainsKey(name);

    public static ExpressionNode Parse(string name, BsonValue argument, ExpressionParser parser) =>
        Table.TryGetValue(name, out OperatorCompiler? compile)
            ? compile(argument, parser)
            : throw new MongoError(ErrorCode.InvalidPipelineOperator, $"Unrecognized expression '{name}'");

    private static Dictionary<string, OperatorCompiler> Build()
    {
        var table = new OperatorTable();
        Operators.ComparisonOperators.Register(table);
        Operators.BooleanOperators.Register(table);
        Operators.ArithmeticOperators.Register(table);
        Operators.ExponentialOperators.Register(table);
        Operators.ConditionalOperators.Register(table);
        Operators.VariableOperators.Register(table);
        Operators.ArrayOperators.Register(table);
        Operators.IterationOperators.Register(table);
        Operators.SetOperators.Register(table);
        Operators.ObjectOperators.Register(table);
        Operators.StringOperators.Register(table);
        Operators.RegexOperators.Register(table);
        Operators.DatePartOperators.Register(table);
        Operators.DateOperators.Register(table);
        Operators.ConvertOperators.Register(table);
        Operators.AccumulatorOperators.Register(table);
        return table.Compilers;
    }
}

/// <summary>Registers operators by the shape of their arguments.</summary>
internal sealed class OperatorTable
{
    public Dictionary<string, OperatorCompiler> Compilers { get; } = new(StringComparer.Ordinal);

    /// <summary>An operator that parses its argument itself.</summary>
    public void Add(string name, OperatorCompiler compile) => Compilers.Add(name, compile);

    public void Unary(string name, Func<BsonValue, BsonValue> function) => Add(name, (argument, parser) =>
    {
        ExpressionNode[] arguments = Arguments(name, argument, parser, 1, 1);
        return new UnaryNode(arguments[0], function);
    });

    public void Binary(string name, Func<BsonValue, BsonValue, BsonValue> function) => Add(name, (argument, parser) =>
    {
        ExpressionNode[] arguments = Arguments(name, argument, parser, 2, 2);
        return new BinaryNode(arguments[0], arguments[1], function);
    });

    public void Nary(string name, int least, int most, NaryFunction function) => Add(name, (argument, parser) =>
        new NaryNode(Arguments(name, argument, parser, least, most), function));

    /// <exception cref="MongoError">16020 or 28667: the wrong number of arguments.</exception>
    public static ExpressionNode[] Arguments(string name, BsonValue argument, ExpressionParser parser, int least, int most)
    {
        ExpressionNode[] arguments = parser.ParseArguments(argument);
        int count = arguments.Length;
        if (count >= least && count <= most)
        {
            return arguments;
        }
        throw least == most
            ? new MongoError(16020, $"Expression {name} takes exactly {least} arguments. {count} were passed in.")
            : most == int.MaxValue
                ? new MongoError(28667, $"Expression {name} takes at least {least} arguments, and at most {uint.MaxValue}, but {count} were passed in.")
                : new MongoError(28667, $"Expression {name} takes at least {least} arguments, and at most {most}, but {count} were passed in.");
    }

    private sealed class UnaryNode(ExpressionNode argument, Func<BsonValue, BsonValue> function) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context) => function(argument.Evaluate(context));
    }

    private sealed class BinaryNode(ExpressionNode left, ExpressionNode right, Func<BsonValue, BsonValue, BsonValue> function)
        : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context) => function(left.Evaluate(context), right.Evaluate(context));
    }

    private sealed class NaryNode(ExpressionNode[] arguments, NaryFunction function) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            var values = new BsonValue[arguments.Length];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = arguments[i].Evaluate(context);
            }
            return function(values);
        }
    }
}
