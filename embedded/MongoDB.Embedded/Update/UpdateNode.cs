using System.Text;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Query;

namespace MongoDB.Embedded.Update;

/// <summary>The paths of all operators of an update, as one tree: what to do at and below a name.</summary>
internal abstract class UpdateNode
{
    /// <summary>Whether applying it where the document has nothing would make something.</summary>
    public abstract bool Creates(UpdateRun run);

    /// <summary>Joins the instructions that two segments (say <c>$</c> and <c>0</c>) give for the same element.</summary>
    /// <exception cref="MongoError">ConflictingUpdateOperators (40).</exception>
    public static UpdateNode Merge(UpdateNode a, UpdateNode b, string path)
    {
        if (a is not UpdateBranch left || b is not UpdateBranch right)
        {
            throw Conflict(path, path);
        }
        var merged = new UpdateBranch();
        foreach (UpdateBranch source in (UpdateBranch[])[left, right])
        {
            foreach (UpdateChild child in source.Children)
            {
                merged.Absorb(child, path);
            }
        }
        return merged;
    }

    public static MongoError Conflict(string path, string at) => new(
        ErrorCode.ConflictingUpdateOperators, $"Updating the path '{path}' would create a conflict at '{at}'");
}

/// <summary>One operator at the end of its path.</summary>
internal abstract class UpdateLeaf : UpdateNode
{
    public override bool Creates(UpdateRun run) => true;

    /// <summary>Whether a path that runs into a scalar is passed over (<c>$unset</c>) rather than an error.</summary>
    public virtual bool ToleratesBlockedPath => false;

    /// <summary>The new value for the current one, which is missing where there is none; a missing result removes the field.</summary>
    /// <exception cref="MongoError">The operator does not apply to the current value.</exception>
    public abstract BsonValue Apply(BsonValue current, UpdateRun run);
}

/// <summary>A segment and what is below it.</summary>
internal sealed record UpdateChild(SegmentKind Kind, string Name, UpdateNode Node)
{
    public byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>The name as an array index, or -1.</summary>
    public int Index { get; } = Kind == SegmentKind.Name ? FieldPath.ParseIndex(Name) : -1;
}

/// <summary>An inner node: its children in the order in which new fields are made (numbers by value, names by bytes).</summary>
internal sealed class UpdateBranch : UpdateNode
{
    private readonly List<UpdateChild> _children = [];

    public IReadOnlyList<UpdateChild> Children => _children;

    public bool HasPositional { get; private set; }

    public override bool Creates(UpdateRun run)
    {
        foreach (UpdateChild child in _children)
        {
            if (child.Node.Creates(run))
            {
                return true;
            }
        }
        return false;
    }

    public int IndexOf(ReadOnlySpan<byte> nameUtf8)
    {
        for (int i = 0; i < _children.Count; i++)
        {
            if (_children[i].Kind == SegmentKind.Name && nameUtf8.SequenceEqual(_children[i].NameUtf8))
            {
                return i;
            }
        }
        return -1;
    }

    /// <exception cref="MongoError">ConflictingUpdateOperators (40): another operator is at, above or below this path.</exception>
    public void Add(UpdatePath path, UpdateLeaf leaf)
    {
        UpdateBranch node = this;
        for (int i = 0; ; i++)
        {
            UpdateChild? existing = node.Find(path.Kinds[i], path.Segments[i]);
            if (i == path.Segments.Count - 1)
            {
                if (existing is not null)
                {
                    throw Conflict(path.Text, path.Text);
                }
                node.Insert(new UpdateChild(path.Kinds[i], path.Segments[i], leaf));
                return;
            }
            if (existing is null)
            {
                existing = new UpdateChild(path.Kinds[i], path.Segments[i], new UpdateBranch());
                node.Insert(existing);
            }
            node = existing.Node as UpdateBranch
                ?? throw Conflict(path.Text, string.Join('.', path.Text.Split('.').Take(i + 1)));
        }
    }

    public void Absorb(UpdateChild child, string path)
    {
        UpdateChild? existing = Find(child.Kind, child.Name);
        if (existing is not null)
        {
            _children.Remove(existing);
            child = child with { Node = Merge(existing.Node, child.Node, $"{path}.{child.Name}") };
        }
        Insert(child);
    }

    private UpdateChild? Find(SegmentKind kind, string name) => _children.Find(c => c.Kind == kind && c.Name == name);

    private void Insert(UpdateChild child)
    {
        HasPositional |= child.Kind != SegmentKind.Name;
        int at = _children.FindIndex(c => Order(child, c) < 0);
        _children.Insert(at < 0 ? _children.Count : at, child);
    }

    private static int Order(UpdateChild a, UpdateChild b) =>
        a.Index >= 0 && b.Index >= 0 ? a.Index.CompareTo(b.Index) : a.NameUtf8.AsSpan().SequenceCompareTo(b.NameUtf8);
}
