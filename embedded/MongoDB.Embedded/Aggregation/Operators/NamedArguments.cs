using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Aggregation.Operators;

/// <summary>The members of an operator's argument document, each an expression.</summary>
internal sealed class NamedArguments
{
    private readonly Dictionary<string, BsonValue> _members = new(StringComparer.Ordinal);

    private NamedArguments()
    {
    }

    /// <param name="document">The argument document.</param>
    /// <param name="allowed">The names it may have.</param>
    /// <param name="unknown">The error for another name.</param>
    public static NamedArguments Read(BsonDoc document, ReadOnlySpan<string> allowed, Func<string, Exception> unknown)
    {
        var arguments = new NamedArguments();
        foreach (BsonElement element in document)
        {
            if (!allowed.Contains(element.Name))
            {
                throw unknown(element.Name);
            }
            arguments._members[element.Name] = element.Value;
        }
        return arguments;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public BsonValue Raw(string name) => _members.GetValueOrDefault(name);

    /// <summary>The compiled member.</summary>
    public ExpressionNode Required(string name, ExpressionParser parser, Func<Exception> missing) =>
        _members.TryGetValue(name, out BsonValue value) ? parser.Parse(value) : throw missing();

    /// <summary>The compiled member, or null.</summary>
    public ExpressionNode? Optional(string name, ExpressionParser parser) =>
        _members.TryGetValue(name, out BsonValue value) ? parser.Parse(value) : null;
}
