using System.Text;
using MongoDB.Embedded.Aggregation;

namespace MongoDB.Embedded.Query;

internal enum ProjectionKind
{
    /// <summary>Not decided by any field yet.</summary>
    Undecided,
    Inclusion,
    Exclusion,

    /// <summary>Keeps everything and adds: <c>$addFields</c>.</summary>
    Addition,
}

/// <summary>One name of a projection: a leaf with an instruction, or an inner node with the names below it.</summary>
internal sealed class ProjectionNode
{
    private readonly List<ProjectionNode> _children = [];

    private ProjectionNode(string name)
    {
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
    }

    public string Name { get; }

    public byte[] NameUtf8 { get; }

    public ProjectionLeaf? Leaf { get; private set; }

    public IReadOnlyList<ProjectionNode> Children => _children;

    /// <summary>Whether a computed value lies at or below this node, so that the node exists even where the document has none.</summary>
    public bool Computes { get; private set; }

    /// <summary>Whether the positional operator ends a path through or at this node.</summary>
    public bool Positional { get; private set; }

    public static ProjectionNode Root() => new("");

    public int IndexOf(ReadOnlySpan<byte> nameUtf8)
    {
        for (int i = 0; i < _children.Count; i++)
        {
            if (nameUtf8.SequenceEqual(_children[i].NameUtf8))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>Puts a leaf at a path below this node.</summary>
    /// <exception cref="Errors.MongoError">31249 or 31250: the path runs through or ends at one that is there already.</exception>
    public void Add(FieldPath path, ProjectionLeaf leaf)
    {
        ProjectionNode node = this;
        node.Mark(leaf);
        for (int i = 0; i < path.Count; i++)
        {
            int index = node.IndexOf(path.Segment(i));
            bool last = i == path.Count - 1;
            if (index >= 0 && last)
            {
                throw new Errors.MongoError(31250, $"Path collision at {path.Text}");
            }
            if (index < 0)
            {
                node._children.Add(new ProjectionNode(path.Name(i)));
                index = node._children.Count - 1;
            }
            node = node._children[index];
            if (!last && node.Leaf is not null)
            {
                throw new Errors.MongoError(31249, $"Path collision at {path.Text} remaining portion {path.Suffix(i + 1)}");
            }
            node.Mark(leaf);
        }
        node.Leaf = leaf;
    }

    private void Mark(ProjectionLeaf leaf)
    {
        Computes |= leaf is ComputedLeaf;
        Positional |= leaf is PositionalLeaf;
    }
}

/// <summary>What to do with the value at the end of a projected path.</summary>
internal abstract record ProjectionLeaf;

internal sealed record IncludeLeaf : ProjectionLeaf;

internal sealed record ExcludeLeaf : ProjectionLeaf;

internal sealed record ComputedLeaf(Expression Expression) : ProjectionLeaf;

/// <summary><c>$slice</c> of find: skip (negative from the end; null when only a count is given) and count.</summary>
internal sealed record SliceLeaf(int? Skip, int Count) : ProjectionLeaf;

/// <summary><c>$elemMatch</c> of find: the first element the condition takes.</summary>
internal sealed record ElemMatchLeaf(ValuePredicate Condition) : ProjectionLeaf;

/// <summary><c>path.$</c> of find: the element that the query matched.</summary>
internal sealed record PositionalLeaf : ProjectionLeaf;
