using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Aggregation;

/// <summary>Compiles expressions. Operators come from <see cref="ExpressionOperators"/>; the names in scope are kept here.</summary>
internal sealed class ExpressionParser(QueryContext context)
{
    private readonly List<(string Name, int Slot)> _locals = [];

    /// <summary>How many variable slots an evaluation needs.</summary>
    public int SlotCount { get; private set; }

    public QueryContext Context => context;

    /// <summary>Any expression: a path, an operator, a literal document or array, a constant.</summary>
    public ExpressionNode Parse(BsonValue specification)
    {
        switch (specification.Type)
        {
            case BsonType.String when specification.StringUtf8.StartsWith("$"u8):
                return ParsePath(specification.AsString);
            case BsonType.Document:
                return ParseDocument(specification.AsDocument);
            case BsonType.Array:
                var elements = new List<ExpressionNode>();
                foreach (BsonElement element in specification.AsDocument)
                {
                    elements.Add(Parse(element.Value));
                }
                return new ArrayNode([.. elements]);
            default:
                return new ConstantNode(specification);
        }
    }

    /// <summary>The arguments of an operator: the elements of an array, or a single expression.</summary>
    public ExpressionNode[] ParseArguments(BsonValue specification)
    {
        if (!specification.IsArray)
        {
            return [Parse(specification)];
        }
        var arguments = new List<ExpressionNode>();
        foreach (BsonElement element in specification.AsDocument)
        {
            arguments.Add(Parse(element.Value));
        }
        return [.. arguments];
    }

    /// <summary>Defines a variable for what <paramref name="body"/> parses.</summary>
    public ExpressionNode WithVariables(IEnumerable<(string Name, int Slot)> variables, Func<ExpressionNode> body)
    {
        int before = _locals.Count;
        _locals.AddRange(variables);
        ExpressionNode node = body();
        _locals.RemoveRange(before, _locals.Count - before);
        return node;
    }

    public int NewSlot() => SlotCount++;

    /// <exception cref="MongoError">FailedToParse (9): the name is not one a user may define.</exception>
    public static void CheckUserVariable(string name)
    {
        if (name.Length == 0)
        {
            throw MongoError.FailedToParse("empty variable names are not allowed");
        }
        if (name == "CURRENT")
        {
            return;
        }
        if (!char.IsAsciiLetterLower(name[0]) && name[0] < 0x80)
        {
            throw MongoError.FailedToParse($"'{name}' starts with an invalid character for a user variable name");
        }
        CheckVariableCharacters(name);
    }

    /// <summary>Checks the segments of a path in an expression or a computed field's name.</summary>
    /// <exception cref="MongoError">The Location numbers of FieldPath.</exception>
    public static FieldPath CheckedPath(string text)
    {
        if (text.Length == 0)
        {
            throw new MongoError(40352, "FieldPath cannot be constructed with empty string");
        }
        if (text[^1] == '.')
        {
            throw new MongoError(40353, "FieldPath must not end with a '.'.");
        }
        foreach (string name in text.Split('.'))
        {
            if (name.Length == 0)
            {
                throw new MongoError(15998, "FieldPath field names may not be empty strings.");
            }
            if (name[0] == '$' && name is not ("$id" or "$ref" or "$db"))
            {
                throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
            }
            if (name.Contains('\0', StringComparison.Ordinal))
            {
                throw new MongoError(16411, "FieldPath field names may not contain '\\0'.");
            }
        }
        return new FieldPath(text);
    }

    private ExpressionNode ParseDocument(BsonDoc document)
    {
        if (document.IsEmpty)
        {
            return new ConstantNode(BsonValue.Document(document));
        }
        string first = document.First.Name;
        if (first.StartsWith('$'))
        {
            return document.Count == 1
                ? ExpressionOperators.Parse(first, document.First.Value, this)
                : throw new MongoError(15983, $"An object representing an expression must have exactly one field: {document}");
        }
        var members = new List<(string, ExpressionNode)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (BsonElement element in document)
        {
            string name = element.Name;
            if (name.StartsWith('$'))
            {
                throw new MongoError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
            }
            if (name.Contains('.', StringComparison.Ordinal))
            {
                throw new MongoError(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField.");
            }
            if (!names.Add(name))
            {
                throw new MongoError(16406, $"duplicate field name specified in object literal: {document}");
            }
            members.Add((name, Parse(element.Value)));
        }
        return new DocumentNode([.. members]);
    }

    private ExpressionNode ParsePath(string text)
    {
        if (!text.StartsWith("$$", StringComparison.Ordinal))
        {
            if (text.Length == 1)
            {
                throw new MongoError(16872, "'$' by itself is not a valid FieldPath");
            }
            return new PathNode(Variable("CURRENT"), CheckedPath(text[1..]));
        }
        string path = text[2..];
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string name = dot < 0 ? path : path[..dot];
        CheckReadVariable(name);
        ExpressionNode variable = Variable(name);
        return dot < 0 ? variable : new PathNode(variable, CheckedPath(path[(dot + 1)..]));
    }

    private ExpressionNode Variable(string name)
    {
        for (int i = _locals.Count - 1; i >= 0; i--)
        {
            if (_locals[i].Name == name)
            {
                return new SlotNode(_locals[i].Slot);
            }
        }
        if (context.Find(name) is { } cell)
        {
            return new CellNode(cell);
        }
        return name switch
        {
            "ROOT" or "CURRENT" => new RootNode(),
            "NOW" => new ConstantNode(context.Now),
            "REMOVE" => new ConstantNode(BsonValue.Missing),
            "DESCEND" => new ConstantNode(BsonValue.String("descend")),
            "PRUNE" => new ConstantNode(BsonValue.String("prune")),
            "KEEP" => new ConstantNode(BsonValue.String("keep")),
            "CLUSTER_TIME" => throw new MongoError(51144, "Builtin variable '$$CLUSTER_TIME' is not available"),
            _ => throw new MongoError(17276, $"Use of undefined variable: {name}"),
        };
    }

    private static void CheckReadVariable(string name)
    {
        if (name.Length == 0)
        {
            throw MongoError.FailedToParse("empty variable names are not allowed");
        }
        if (!char.IsAsciiLetter(name[0]) && name[0] < 0x80)
        {
            throw MongoError.FailedToParse($"'{name}' starts with an invalid character for a user variable name");
        }
        CheckVariableCharacters(name);
    }

    private static void CheckVariableCharacters(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && c < 0x80)
            {
                throw MongoError.FailedToParse($"'{name}' contains an invalid character for a variable name: '{c}'");
            }
        }
    }
}
