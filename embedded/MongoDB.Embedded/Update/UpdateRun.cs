using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>One document going through the operators of an update: a single pass that copies what stays and writes what changes.</summary>
internal sealed class UpdateRun(BsonDoc document, MatchDetails position, ArrayFilters filters, BsonValue now, bool insert)
{
    private const int MaxPadding = 1_500_000;

    private readonly List<string> _path = [];

    /// <summary>The document as it was.</summary>
    public BsonDoc Document => document;

    public BsonValue Now => now;

    /// <summary>Whether an upsert inserts: <c>$setOnInsert</c> takes part only then.</summary>
    public bool Insert => insert;

    /// <summary>The dotted path being updated.</summary>
    public string Path => string.Join('.', _path);

    /// <summary>The last segment of <see cref="Path"/>.</summary>
    public string FieldName => _path[^1];

    /// <summary>How messages name the document: <c>{_id: 1}</c>.</summary>
    public string DocumentId
    {
        get
        {
            BsonValue id = document.Get("_id"u8);
            return id.IsMissing ? "{}" : $"{{_id: {BsonText.ToShell(id)}}}";
        }
    }

    public BsonDoc Apply(UpdateBranch root)
    {
        using var writer = new BsonWriter(document.Length + 64);
        WriteFields(writer, document, root);
        return writer.ToDocument();
    }

    private void WriteFields(BsonWriter writer, BsonDoc fields, UpdateBranch branch)
    {
        if (branch.HasPositional)
        {
            branch = ResolveInDocument(branch);
        }
        bool[] done = new bool[branch.Children.Count];
        foreach (BsonElement element in fields)
        {
            int index = branch.IndexOf(element.NameUtf8);
            if (index < 0)
            {
                writer.RawElement(element.RawBytes);
                continue;
            }
            done[index] = true;
            UpdateChild child = branch.Children[index];
            _path.Add(child.Name);
            Update(writer, child.NameUtf8, element.Value, child.Node, inArray: false);
            _path.RemoveAt(_path.Count - 1);
        }
        for (int i = 0; i < done.Length; i++)
        {
            if (!done[i])
            {
                Create(writer, branch.Children[i]);
            }
        }
    }

    private void Update(BsonWriter writer, ReadOnlySpan<byte> name, BsonValue current, UpdateNode node, bool inArray)
    {
        if (node is UpdateLeaf leaf)
        {
            BsonValue result = leaf.Apply(current, this);
            writer.Write(name, result.IsMissing && inArray ? BsonValue.Null : result);
            return;
        }
        var branch = (UpdateBranch)node;
        switch (current.Type)
        {
            case BsonType.Document:
                writer.StartDocument(name);
                WriteFields(writer, current.AsDocument, branch);
                writer.End();
                break;
            case BsonType.Array:
                writer.StartArray(name);
                WriteElements(writer, current, branch);
                writer.End();
                break;
            default:
                CheckBlocked(branch, current);
                writer.Write(name, current);
                break;
        }
    }

    private void WriteElements(BsonWriter writer, BsonValue array, UpdateBranch branch)
    {
        foreach (UpdateChild child in branch.Children)
        {
            if (child.Kind == SegmentKind.Name && child.Index < 0)
            {
                Blocked(child, array);
            }
        }
        int count = 0;
        Span<byte> scratch = stackalloc byte[10];
        foreach (BsonElement element in array.AsDocument)
        {
            UpdateNode? node = NodeFor(branch, count, element.Value);
            if (node is null)
            {
                writer.Write(count, element.Value);
            }
            else
            {
                _path.Add(count.ToString(System.Globalization.CultureInfo.InvariantCulture));
                Update(writer, BsonWriter.IndexName(count, scratch), element.Value, node, inArray: true);
                _path.RemoveAt(_path.Count - 1);
            }
            count++;
        }
        foreach (UpdateChild child in branch.Children)
        {
            int index = child.Kind == SegmentKind.Matched && position.HasPosition ? position.Position : child.Index;
            if (index >= count && child.Node.Creates(this))
            {
                if (index - count > MaxPadding)
                {
                    throw new MongoError(ErrorCode.CannotBackfillArray, $"can't backfill more than {MaxPadding} elements");
                }
                while (count < index)
                {
                    writer.Write(count++, BsonValue.Null);
                }
                Create(writer, new UpdateChild(SegmentKind.Name, count.ToString(System.Globalization.CultureInfo.InvariantCulture), child.Node));
                count++;
            }
        }
    }

    // What all segments together say about one element; several may name the same one.
    private UpdateNode? NodeFor(UpdateBranch branch, int index, BsonValue element)
    {
        UpdateNode? node = null;
        foreach (UpdateChild child in branch.Children)
        {
            bool applies = child.Kind switch
            {
                SegmentKind.Name => child.Index == index,
                SegmentKind.Matched => MatchedPosition == index,
                SegmentKind.All => true,
                _ => filters.Matches(child.Name, element),
            };
            if (applies)
            {
                node = node is null ? child.Node : UpdateNode.Merge(node, child.Node, $"{Path}.{index}");
            }
        }
        return node;
    }

    private int MatchedPosition => position.HasPosition
        ? position.Position
        : throw MongoError.BadValue("The positional operator did not find the match needed from the query.");

    // In a document the positional operator is the field named like the index; the others need an array.
    private UpdateBranch ResolveInDocument(UpdateBranch branch)
    {
        var resolved = new UpdateBranch();
        foreach (UpdateChild child in branch.Children)
        {
            if (child.Kind is SegmentKind.All or SegmentKind.Filtered)
            {
                throw MongoError.BadValue($"Cannot apply array updates to non-array element {FieldName}: {BsonText.ToShell(CurrentValue())}");
            }
            resolved.Absorb(
                child.Kind == SegmentKind.Name
                    ? child
                    : new UpdateChild(SegmentKind.Name, MatchedPosition.ToString(System.Globalization.CultureInfo.InvariantCulture), child.Node),
                Path);
        }
        return resolved;
    }

    private BsonValue CurrentValue()
    {
        BsonValue value = BsonValue.Document(document);
        foreach (string segment in _path)
        {
            value = value.AsDocument[segment];
        }
        return value;
    }

    private void Create(BsonWriter writer, UpdateChild child)
    {
        if (!child.Node.Creates(this))
        {
            return;
        }
        _path.Add(child.Name);
        if (child.Node is UpdateLeaf leaf)
        {
            writer.Write(child.NameUtf8, leaf.Apply(default, this));
        }
        else
        {
            var branch = (UpdateBranch)child.Node;
            if (branch.Children.Any(c => c.Kind is SegmentKind.All or SegmentKind.Filtered))
            {
                throw MongoError.BadValue($"The path '{Path}' must exist in the document in order to apply array updates.");
            }
            writer.StartDocument(child.NameUtf8);
            WriteFields(writer, BsonDoc.Empty, branch);
            writer.End();
        }
        _path.RemoveAt(_path.Count - 1);
    }

    private void CheckBlocked(UpdateBranch branch, BsonValue current)
    {
        foreach (UpdateChild child in branch.Children)
        {
            if (child.Kind is SegmentKind.All or SegmentKind.Filtered)
            {
                throw MongoError.BadValue($"Cannot apply array updates to non-array element {FieldName}: {BsonText.ToShell(current)}");
            }
            Blocked(child, current);
        }
    }

    // The path goes on below a value that has nothing below it.
    private void Blocked(UpdateChild child, BsonValue current)
    {
        string element = $"{{{FieldName}: {BsonText.ToShell(current)}}}";
        if (child.Node.Creates(this))
        {
            throw new MongoError(ErrorCode.PathNotViable, $"Cannot create field '{child.Name}' in element {element}");
        }
        if (!Tolerates(child.Node))
        {
            throw new MongoError(
                ErrorCode.PathNotViable, $"cannot use the part ({FieldName} of {Path}.{FirstLeaf(child)}) to traverse the element ({element})");
        }
    }

    private static string FirstLeaf(UpdateChild child) =>
        child.Node is UpdateBranch branch ? $"{child.Name}.{FirstLeaf(branch.Children[0])}" : child.Name;

    private static bool Tolerates(UpdateNode node) => node switch
    {
        UpdateLeaf leaf => leaf.ToleratesBlockedPath,
        UpdateBranch branch => branch.Children.All(c => Tolerates(c.Node)),
        _ => throw new InvalidOperationException("unknown node"),
    };
}
