using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary><c>$let</c>, <c>$literal</c> and the operators that look at no argument's meaning.</summary>
internal static class VariableOperators
{
    public static void Register(OperatorTable table)
    {
        table.Add("$literal", (argument, _) => new ConstantNode(argument));
        table.Add("$let", ParseLet);
        table.Add("$rand", (argument, _) => argument.IsDocument && argument.AsDocument.IsEmpty
            || (argument.IsArray && argument.AsDocument.IsEmpty)
                ? new RandNode()
                : throw new MongoError(3040501, "$rand does not currently accept arguments"));
        table.Unary("$bsonSize", value => value.IsNullish ? BsonValue.Null
            : value.IsDocument ? BsonValue.Int32(value.AsDocument.Length)
            : throw new MongoError(31393, $"$bsonSize requires a document input, found: {value.Type.Name()}"));
        table.Unary("$binarySize", value => value.IsNullish ? BsonValue.Null
            : value.IsString ? BsonValue.Int32(value.StringUtf8.Length)
            : value.Type == BsonType.Binary ? BsonValue.Int32(value.BinaryBytes.Length)
            : throw new MongoError(51276, $"$binarySize requires a string or BinData argument, found: {value.Type.Name()}"));
        foreach (string refused in (string[])["$function", "$accumulator", "$meta"])
        {
            table.Add(refused, (_, _) => throw new MongoError(
                ErrorCode.NotImplemented, $"the expression operator {refused} is not supported"));
        }
    }

    private static LetNode ParseLet(BsonValue argument, ExpressionParser parser)
    {
        if (!argument.IsDocument)
        {
            throw new MongoError(16874, "$let only supports an object as its argument");
        }
        var named = NamedArguments.Read(
            argument.AsDocument, ["vars", "in"], name => new MongoError(16875, $"Unrecognized parameter to $let: {name}"));
        if (!named.Has("vars"))
        {
            throw new MongoError(16876, "Missing 'vars' parameter to $let");
        }
        if (!named.Has("in"))
        {
            throw new MongoError(16877, "Missing 'in' parameter to $let");
        }
        BsonValue vars = named.Raw("vars");
        if (!vars.IsDocument)
        {
            throw new MongoError(10065, $"invalid parameter: expected an object (vars)");
        }
        var variables = new List<(string Name, int Slot)>();
        var values = new List<(int Slot, ExpressionNode Value)>();
        foreach (BsonElement variable in vars.AsDocument)
        {
            // The values see the outer variables, not each other.
            ExpressionParser.CheckUserVariable(variable.Name);
            int slot = parser.NewSlot();
            values.Add((slot, parser.Parse(variable.Value)));
            variables.Add((variable.Name, slot));
        }
        ExpressionNode body = parser.WithVariables(variables, () => parser.Parse(named.Raw("in")));
        return new LetNode([.. values], body);
    }

    private sealed class LetNode((int Slot, ExpressionNode Value)[] variables, ExpressionNode body) : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context)
        {
            foreach ((int slot, ExpressionNode value) in variables)
            {
                context[slot] = value.Evaluate(context);
            }
            return body.Evaluate(context);
        }
    }

    private sealed class RandNode : ExpressionNode
    {
        public override BsonValue Evaluate(EvaluationContext context) => BsonValue.Double(Random.Shared.NextDouble());
    }
}
