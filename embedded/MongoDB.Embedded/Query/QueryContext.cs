using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Query;

/// <summary>What one command gives everything it parses: its variables (<c>let</c>) and the one moment it calls now.</summary>
internal sealed class QueryContext
{
    private readonly IReadOnlyDictionary<string, VariableCell> _variables;

    public QueryContext(DateTime now, IReadOnlyDictionary<string, BsonValue>? variables = null)
        : this(
            BsonValue.DateTime(new DateTimeOffset(DateTime.SpecifyKind(now, DateTimeKind.Utc)).ToUnixTimeMilliseconds()),
            (variables ?? new Dictionary<string, BsonValue>()).ToDictionary(v => v.Key, v => new VariableCell { Value = v.Value }))
    {
    }

    private QueryContext(BsonValue now, IReadOnlyDictionary<string, VariableCell> variables, bool changing = false)
    {
        Now = now;
        _variables = variables;
        HasChangingVariables = changing;
    }

    /// <summary>A context of this moment without variables.</summary>
    public static QueryContext Create() => new(DateTime.UtcNow);

    /// <summary>The command's time: <c>$$NOW</c> and <c>$currentDate</c>.</summary>
    public BsonValue Now { get; }

    /// <summary>Whether some of the variables are a <c>$lookup</c>'s and so change from document to document.</summary>
    public bool HasChangingVariables { get; }

    /// <summary>The variable of that name (without <c>$$</c>), or null.</summary>
    public VariableCell? Find(string name) => _variables.GetValueOrDefault(name);

    /// <summary>This context with further variables, for a pipeline inside <c>$lookup</c>; a name of its own hides an outer one.</summary>
    public QueryContext With(IReadOnlyDictionary<string, VariableCell> variables)
    {
        var all = new Dictionary<string, VariableCell>(_variables);
        foreach ((string name, VariableCell cell) in variables)
        {
            all[name] = cell;
        }
        return new QueryContext(Now, all, HasChangingVariables || variables.Count > 0);
    }
}

/// <summary>
/// A variable that lives outside one expression: of <c>let</c>, which never changes, or of <c>$lookup</c>, which is set for
/// each outer document. A command runs on one thread, so the cell needs no lock.
/// </summary>
internal sealed class VariableCell
{
    public BsonValue Value { get; set; }
}
