using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>"Conditional Expression Operators": only the branch taken is evaluated.</summary>
internal static class ConditionalOperators
{
    public static void Register(OperatorTable table)
    {
        table.Add("$cond", ParseCond);
        table.Add("$ifNull", (argument, parser) =>
        {
            ExpressionNode[] arguments = parser.ParseArguments(argument);
            return arguments.Length >= 2
                ? new IfNullNode(arguments)
                : throw new MongoError(1257300, $"$ifNull needs at least two arguments, had: {arguments.Length}");
        });
        table.Add("$switch", ParseSwitch);
    }

    private static CondNode ParseCond(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            ExpressionNode[] parts = OperatorTable.Arguments("$cond", argument, parser, 3, 3);
            return new CondNode(parts[0], parts[1], parts[2]);
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["if", "then", "else"], name => new MongoError(17083, $"Unrecognized parameter to $cond: {name}"));
        return new CondNode(
            named.Required("if", parser, () => new MongoError(17080, "Missing 'if' parameter to $cond")),
            named.Required("then", parser, () => new MongoError(17081, "Missing 'then' parameter to $cond")),
            named.Required("else", parser, () => new MongoError(17082, "Missing 'else' parameter to $cond")));
    }

    private static SwitchNode ParseSwitch(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(40060, $"$switch requires an object as an argument, found: {argument.Type.Name()}");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["branches", "default"], name => new MongoError(40067, $"$switch found an unknown argument: {name}"));
        var branches = new List<(ExpressionNode, ExpressionNode)>();
        if (named.Has("branches"))
        {
            BsonValue list = named.Raw("branches");
            if (!list.IsArray)
            {
                throw new MongoError(40061, $"$switch expected an array for 'branches', found: {list.Type.Name()}");
            }
            foreach (BsonElement branch in list.AsDocument)
            {
                branches.Add(ParseBranch(branch.Value, parser));
            }
        }
        return branches.Count > 0
            ? new SwitchNode([.. branches], named.Optional("default", parser))
            : throw new MongoError(40068, "$switch requires at least one branch.");
    }

    private static (ExpressionNode Case, ExpressionNode Then) ParseBranch(BsonValue branch, ExpressionParser parser)
    {
        if (!branch.IsDocument)
        {
            throw new MongoError(40062, $"$switch expected each branch to be an object, found: {branch.Type.Name()}");
        }
        var named = NamedArguments.Read(
            branch.AsDocument, ["case", "then"], name => new MongoError(40063, $"$switch found an unknown argument to a branch: {name}"));
        return (
            named.Required("case", parser, () => new MongoError(40064, "$switch requires each branch have a 'case' expression")),
            named.Required("then", parser, () => new MongoError(40065, "$switch requires each branch have a 'then' expression")));
    }

    private sealed class CondNode(ExpressionNode condition, ExpressionNode then, ExpressionNode otherwise) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context) =>
            (condition.Evaluate(context).IsTruthy ? then : otherwise).Evaluate(context);
    }

    private sealed class IfNullNode(ExpressionNode[] arguments) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            for (int i = 0; i < arguments.Length - 1; i++)
            {
                BsonValue value = arguments[i].Evaluate(context);
                if (!value.IsNullish)
                {
                    return value;
                }
            }
            return arguments[^1].Evaluate(context);
        }
    }

    private sealed class SwitchNode((ExpressionNode Case, ExpressionNode Then)[] branches, ExpressionNode? otherwise) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            foreach ((ExpressionNode condition, ExpressionNode then) in branches)
            {
                if (condition.Evaluate(context).IsTruthy)
                {
                    return then.Evaluate(context);
                }
            }
            return otherwise is not null
                ? otherwise.Evaluate(context)
                : throw new MongoError(40066, "$switch could not find a matching branch for an input, and no default was specified.");
        }
    }
}
