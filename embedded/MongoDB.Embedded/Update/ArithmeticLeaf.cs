using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Update;

/// <summary><c>$inc</c> and <c>$mul</c>. An int that overflows becomes a long; a long that overflows is an error.</summary>
internal sealed class ArithmeticLeaf(BsonValue operand, bool multiply) : UpdateLeaf
{
    private string Operator => multiply ? "$mul" : "$inc";

    /// <exception cref="MongoError">TypeMismatch (14): the operand is no number.</exception>
    public static ArithmeticLeaf Parse(BsonElement element, bool multiply) => element.Value.IsNumber
        ? new ArithmeticLeaf(element.Value, multiply)
        : throw MongoError.TypeMismatch($"Cannot {(multiply ? "multiply" : "increment")} with non-numeric argument: {{{element}}}");

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (current.IsMissing)
        {
            return multiply ? Zero() : operand;
        }
        if (!current.IsNumber)
        {
            throw MongoError.TypeMismatch(
                $"Cannot apply {Operator} to a value of non-numeric type. {run.DocumentId} has the field '{run.FieldName}' of non-numeric type {current.Type.Name()}");
        }
        if (current.Type == BsonType.Decimal128 || operand.Type == BsonType.Decimal128)
        {
            Decimal128 a = current.ToDecimal();
            Decimal128 b = operand.ToDecimal();
            return BsonValue.Decimal(multiply ? a * b : a + b);
        }
        if (current.Type == BsonType.Double || operand.Type == BsonType.Double)
        {
            double a = current.ToDouble();
            double b = operand.ToDouble();
            return BsonValue.Double(multiply ? a * b : a + b);
        }
        Int128 exact = multiply
            ? (Int128)current.IntegerBits * operand.IntegerBits
            : (Int128)current.IntegerBits + operand.IntegerBits;
        if (exact < long.MinValue || exact > long.MaxValue)
        {
            string type = current.Type == BsonType.Int32 ? "NumberInt" : "NumberLong";
            throw MongoError.BadValue(
                $"Failed to apply {Operator} operations to current value (({type}){current.IntegerBits}) for document {run.DocumentId}");
        }
        return current.Type == BsonType.Int32 && operand.Type == BsonType.Int32
            ? BsonValue.Integer((long)exact)
            : BsonValue.Int64((long)exact);
    }

    // A missing field times anything is zero, in the operand's type.
    private BsonValue Zero() => operand.Type switch
    {
        BsonType.Int32 => BsonValue.Int32(0),
        BsonType.Int64 => BsonValue.Int64(0),
        BsonType.Double => BsonValue.Double(operand.AsDouble * 0),
        _ => BsonValue.Decimal(operand.AsDecimal * Decimal128.Zero),
    };
}

/// <summary><c>$bit</c>: and, or, xor, one after the other.</summary>
internal sealed class BitLeaf(IReadOnlyList<(string Name, BsonValue Operand)> operations) : UpdateLeaf
{
    /// <exception cref="MongoError">BadValue (2).</exception>
    public static BitLeaf Parse(BsonElement element)
    {
        if (!element.Value.IsDocument)
        {
            throw MongoError.BadValue(
                $"The $bit modifier is not compatible with a {element.Type.Name()}. You must pass in an embedded document: {{$bit: {{field: {{and/or/xor: #}}}}");
        }
        var operations = new List<(string, BsonValue)>();
        foreach (BsonElement operation in element.Value.AsDocument)
        {
            if (operation.Name is not ("and" or "or" or "xor"))
            {
                throw MongoError.BadValue(
                    $"The $bit modifier only supports 'and', 'or', and 'xor', not '{operation.Name}' which is an unknown operator: {{{operation}}}");
            }
            if (operation.Type is not (BsonType.Int32 or BsonType.Int64))
            {
                throw MongoError.BadValue(
                    $"The $bit modifier field must be an Integer(32/64 bit); a '{operation.Type.Name()}' is not supported here: {{{operation}}}");
            }
            operations.Add((operation.Name, operation.Value));
        }
        return operations.Count > 0
            ? new BitLeaf(operations)
            : throw MongoError.BadValue("You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}");
    }

    public override BsonValue Apply(BsonValue current, UpdateRun run)
    {
        if (!current.IsMissing && current.Type is not (BsonType.Int32 or BsonType.Int64))
        {
            string id = run.DocumentId[1..^1];
            throw MongoError.BadValue(
                $"Cannot apply $bit to a value of non-integral type.{id} has the field {run.FieldName} of non-integer type {current.Type.Name()}");
        }
        bool wide = current.Type == BsonType.Int64;
        long bits = current.IsMissing ? 0 : current.IntegerBits;
        foreach ((string name, BsonValue operand) in operations)
        {
            wide |= operand.Type == BsonType.Int64;
            bits = name switch
            {
                "and" => bits & operand.IntegerBits,
                "or" => bits | operand.IntegerBits,
                _ => bits ^ operand.IntegerBits,
            };
        }
        return wide ? BsonValue.Int64(bits) : BsonValue.Int32((int)bits);
    }
}
