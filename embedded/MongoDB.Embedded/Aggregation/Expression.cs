using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>A compiled aggregation expression.</summary>
internal sealed class Expression
{
    private readonly ExpressionNode _root;
    private readonly int _slots;

    private Expression(ExpressionNode root, int slots)
    {
        _root = root;
        _slots = slots;
    }

    /// <summary>Whether the value depends on no document and no variable.</summary>
    public bool IsConstant => _root is ConstantNode;

    /// <exception cref="Errors.MongoError">The expression is malformed or uses an operator that is not supported.</exception>
    public static Expression Parse(BsonValue specification, QueryContext context)
    {
        var parser = new ExpressionParser(context);
        ExpressionNode root = parser.Parse(specification.Detach());
        return new Expression(root, parser.SlotCount);
    }

    /// <summary>
    /// The value for a document: often a slice of it, missing when a path leads nowhere.
    /// </summary>
    /// <exception cref="Errors.MongoError">An operator was given a value it does not take.</exception>
    public BsonValue Evaluate(BsonDoc document) => _root.Evaluate(new EvaluationContext(BsonValue.Document(document), _slots));

    /// <summary>The values of a <c>let</c> document, whose expressions refer to no document.</summary>
    public static Dictionary<string, BsonValue> EvaluateLet(BsonDoc variables, QueryContext context)
    {
        var values = new Dictionary<string, BsonValue>(StringComparer.Ordinal);
        foreach (BsonElement element in variables)
        {
            ExpressionParser.CheckUserVariable(element.Name);
            values[element.Name] = Parse(element.Value, context).Evaluate(BsonDoc.Empty).Detach();
        }
        return values;
    }
}

/// <summary>The document an expression is evaluated for, and the values of the variables inside it.</summary>
internal sealed class EvaluationContext(BsonValue root, int slots)
{
    private readonly BsonValue[] _slots = slots == 0 ? [] : new BsonValue[slots];

    public BsonValue Root { get; } = root;

    public ref BsonValue this[int slot] => ref _slots[slot];
}

/// <summary>One node of a compiled expression.</summary>
internal abstract class ExpressionNode
{
    public abstract BsonValue Evaluate(EvaluationContext context);
}

internal sealed class ConstantNode(BsonValue value) : ExpressionNode
{
    public BsonValue Value => value;

    public override BsonValue Evaluate(EvaluationContext context) => value;
}

/// <summary><c>$$ROOT</c>, and <c>$$CURRENT</c> where nothing redefines it.</summary>
internal sealed class RootNode : ExpressionNode
{
    public override BsonValue Evaluate(EvaluationContext context) => context.Root;
}

/// <summary>A variable of <c>$let</c>, <c>$map</c>, <c>$filter</c> or <c>$reduce</c>.</summary>
internal sealed class SlotNode(int slot) : ExpressionNode
{
    public override BsonValue Evaluate(EvaluationContext context) => context[slot];
}

/// <summary>A variable of the command or of <c>$lookup</c>.</summary>
internal sealed class CellNode(VariableCell cell) : ExpressionNode
{
    public override BsonValue Evaluate(EvaluationContext context) => cell.Value;
}

/// <summary>A document literal; members whose value is missing are left out.</summary>
internal sealed class DocumentNode((string Name, ExpressionNode Value)[] members) : ExpressionNode
{
    public override BsonValue Evaluate(EvaluationContext context)
    {
        using var writer = new BsonWriter();
        foreach ((string name, ExpressionNode value) in members)
        {
            writer.Write(name, value.Evaluate(context));
        }
        return BsonValue.Document(writer.ToDocument());
    }
}

/// <summary>An array literal; an element whose value is missing is null.</summary>
internal sealed class ArrayNode(ExpressionNode[] elements) : ExpressionNode
{
    public IReadOnlyList<ExpressionNode> Elements => elements;

    public override BsonValue Evaluate(EvaluationContext context)
    {
        using var writer = new BsonWriter();
        for (int i = 0; i < elements.Length; i++)
        {
            BsonValue value = elements[i].Evaluate(context);
            writer.Write(i, value.IsMissing ? BsonValue.Null : value);
        }
        return BsonValue.Array(writer.ToDocument());
    }
}
