using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Boolean Expression Operators"; <c>$and</c> and <c>$or</c> stop at the first value that decides.</summary>
internal static class BooleanOperators
{
    public static void Register(OperatorTable table)
    {
        table.Unary("$not", value => BsonValue.Boolean(!value.IsTruthy));
        table.Add("$and", (argument, parser) => new LogicalNode(parser.ParseArguments(argument), decisive: false));
        table.Add("$or", (argument, parser) => new LogicalNode(parser.ParseArguments(argument), decisive: true));
    }

    private sealed class LogicalNode(ExpressionNode[] arguments, bool decisive) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            foreach (ExpressionNode argument in arguments)
            {
                if (argument.Evaluate(context).IsTruthy == decisive)
                {
                    return BsonValue.Boolean(decisive);
                }
            }
            return BsonValue.Boolean(!decisive);
        }
    }
}
