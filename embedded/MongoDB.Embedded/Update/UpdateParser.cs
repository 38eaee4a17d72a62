using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>Compiles a document of update operators into one tree of paths.</summary>
internal sealed class UpdateParser(QueryContext context, ArrayFilters filters)
{
    public UpdateBranch Root { get; } = new();

    /// <exception cref="MongoError">An operator is unknown or misused, or two of them meet on one path.</exception>
    public void Parse(BsonDoc update)
    {
        foreach (BsonElement element in update)
        {
            string name = element.Name;
            if (!IsOperator(name))
            {
                throw MongoError.FailedToParse(
                    $"Unknown modifier: {name}. Expected a valid update modifier or pipeline-style update specified as an array");
            }
            if (element.Type != BsonType.Document)
            {
                throw MongoError.FailedToParse(
                    $"Modifiers operate on fields but we found type {element.Type.Name()} instead. For example: {{$mod: {{<field>: ...}}}} not {{{element}}}");
            }
            foreach (BsonElement field in element.Value.AsDocument)
            {
                if (name == "$rename")
                {
                    AddRename(field);
                }
                else
                {
                    Add(UpdatePath.Parse(field.Name), field, Leaf(name, field));
                }
            }
        }
    }

    private static bool IsOperator(string name) => name is "$set" or "$unset" or "$inc" or "$mul" or "$min" or "$max" or "$rename"
        or "$setOnInsert" or "$currentDate" or "$push" or "$addToSet" or "$pull" or "$pullAll" or "$pop" or "$bit";

    private UpdateLeaf Leaf(string name, BsonElement field) => name switch
    {
        "$set" => new SetLeaf(field.Value, onInsert: false),
        "$setOnInsert" => new SetLeaf(field.Value, onInsert: true),
        "$unset" => new UnsetLeaf(),
        "$inc" => ArithmeticLeaf.Parse(field, multiply: false),
        "$mul" => ArithmeticLeaf.Parse(field, multiply: true),
        "$min" => new CompareLeaf(field.Value, max: false),
        "$max" => new CompareLeaf(field.Value, max: true),
        "$currentDate" => CurrentDateLeaf.Parse(field),
        "$push" => PushLeaf.Parse(field),
        "$addToSet" => AddToSetLeaf.Parse(field),
        "$pull" => new PullLeaf(field.Value, context),
        "$pullAll" => PullAllLeaf.Parse(field),
        "$pop" => PopLeaf.Parse(field),
        "$bit" => BitLeaf.Parse(field),
        _ => throw new InvalidOperationException($"{name} has no leaf"),
    };

    private void Add(UpdatePath path, BsonElement field, UpdateLeaf leaf)
    {
        for (int i = 0; i < path.Segments.Count; i++)
        {
            if (path.Kinds[i] == SegmentKind.Filtered)
            {
                filters.Use(path.Segments[i], path);
            }
        }
        CheckDepth(path, field.Value);
        Root.Add(path, leaf);
    }

    private void AddRename(BsonElement field)
    {
        var from = UpdatePath.Parse(field.Name);
        if (!field.Value.IsString)
        {
            throw MongoError.BadValue($"The 'to' field for $rename must be a string: {field}");
        }
        string target = field.Value.AsString;
        if (target.Contains('\0', StringComparison.Ordinal))
        {
            throw MongoError.BadValue($"The 'to' field for $rename cannot contain an embedded null byte: {field}");
        }
        var to = UpdatePath.Parse(target);
        if (from.IsPositional)
        {
            throw MongoError.BadValue($"The source field for $rename may not be dynamic: {from.Text}");
        }
        if (to.IsPositional)
        {
            throw MongoError.BadValue($"The destination field for $rename may not be dynamic: {to.Text}");
        }
        if (from.Text == to.Text)
        {
            throw MongoError.BadValue($"The source and target field for $rename must differ: {field}");
        }
        if (IsPrefix(from.Text, to.Text) || IsPrefix(to.Text, from.Text))
        {
            throw MongoError.BadValue($"The source and target field for $rename must not be on the same path: {field}");
        }
        var rename = new Rename(from.Text, to.Text);
        Root.Add(from, new RenameSourceLeaf(rename));
        Root.Add(to, new RenameTargetLeaf(rename));
    }

    private static bool IsPrefix(string shorter, string longer) =>
        longer.Length > shorter.Length && longer[shorter.Length] == '.' && longer.StartsWith(shorter, StringComparison.Ordinal);

    // The update itself is within the nesting limit; what it makes must be too.
    private static void CheckDepth(UpdatePath path, BsonValue value)
    {
        if (path.Segments.Count + Depth(value) > BsonValidator.DefaultMaxDepth)
        {
            throw new MongoError(
                ErrorCode.Overflow, $"Document exceeds maximum nesting depth of {BsonValidator.DefaultMaxDepth}: path '{path.Text}'");
        }
    }

    private static int Depth(BsonValue value)
    {
        int deepest = 0;
        if (value.Type is BsonType.Document or BsonType.Array)
        {
            foreach (BsonElement element in value.AsDocument)
            {
                deepest = Math.Max(deepest, Depth(element.Value));
            }
            deepest++;
        }
        return deepest;
    }
}
