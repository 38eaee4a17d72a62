using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Query;

/// <summary>One document going through a projection.</summary>
internal readonly struct ProjectionRun(BsonDoc root, BsonWriter writer, ProjectionKind kind, MatchDetails position)
{
    /// <summary>
    /// Writes the fields of a document under the names of a node. An inclusion's computed fields and <c>$elemMatch</c> go behind
    /// the fields that stay, in the order of the specification; otherwise a field keeps its place and new ones are appended.
    /// </summary>
    public void WriteFields(BsonDoc document, ProjectionNode node, bool includeId = false)
    {
        ulong done = 0;
        HashSet<int>? doneBeyond = node.Children.Count > 64 ? [] : null;
        foreach (BsonElement element in document)
        {
            int index = node.IndexOf(element.NameUtf8);
            if (index < 0)
            {
                if (kind != ProjectionKind.Inclusion || (includeId && element.NameUtf8.SequenceEqual("_id"u8)))
                {
                    writer.RawElement(element.RawBytes);
                }
                continue;
            }
            if (WriteElement(element, node.Children[index]))
            {
                if (doneBeyond is null)
                {
                    done |= 1UL << index;
                }
                else
                {
                    doneBeyond.Add(index);
                }
            }
        }
        for (int i = 0; i < node.Children.Count; i++)
        {
            bool handled = doneBeyond?.Contains(i) ?? (done & (1UL << i)) != 0;
            if (!handled)
            {
                WriteLate(document, node.Children[i]);
            }
        }
    }

    // Returns whether the field needs nothing more; false leaves it to WriteLate.
    private bool WriteElement(BsonElement element, ProjectionNode child)
    {
        BsonValue value = element.Value;
        switch (child.Leaf)
        {
            case IncludeLeaf:
                writer.RawElement(element.RawBytes);
                return true;
            case ExcludeLeaf:
                return true;
            case SliceLeaf slice:
                writer.Write(element.NameUtf8, Slice(value, slice));
                return true;
            case PositionalLeaf:
                writer.Write(element.NameUtf8, value.IsArray ? Matched(value) : value);
                return true;
            case ComputedLeaf computed when kind == ProjectionKind.Addition:
                writer.Write(element.NameUtf8, computed.Expression.Evaluate(root));
                return true;
            case ElemMatchLeaf elemMatch when kind != ProjectionKind.Inclusion:
                writer.Write(element.NameUtf8, FirstMatch(value, elemMatch));
                return true;
            case not null:
                return false;
            default:
                return WriteInner(element.NameUtf8, value, child);
        }
    }

    private bool WriteInner(ReadOnlySpan<byte> name, BsonValue value, ProjectionNode node)
    {
        switch (value.Type)
        {
            case BsonType.Document:
                writer.StartDocument(name);
                WriteFields(value.AsDocument, node);
                writer.End();
                return true;
            case BsonType.Array when node.Positional:
                BsonDoc single = Matched(value).AsDocument;
                writer.StartArray(name);
                new ProjectionRun(root, writer, kind, default).WriteElements(single, node);
                writer.End();
                return true;
            case BsonType.Array:
                writer.StartArray(name);
                WriteElements(value.AsDocument, node);
                writer.End();
                return true;
            default:
                // A scalar has nothing below it: an inclusion drops it, and computed fields replace it by a document of theirs.
                if (node.Computes)
                {
                    return false;
                }
                if (kind != ProjectionKind.Inclusion)
                {
                    writer.Write(name, value);
                }
                return true;
        }
    }

    private void WriteElements(BsonDoc array, ProjectionNode node)
    {
        int index = 0;
        foreach (BsonElement element in array)
        {
            BsonValue value = element.Value;
            switch (value.Type)
            {
                case BsonType.Document:
                    writer.StartDocument(index++);
                    WriteFields(value.AsDocument, node);
                    writer.End();
                    break;
                case BsonType.Array:
                    writer.StartArray(index++);
                    WriteElements(value.AsDocument, node);
                    writer.End();
                    break;
                default:
                    if (node.Computes)
                    {
                        writer.StartDocument(index++);
                        WriteFields(BsonDoc.Empty, node);
                        writer.End();
                    }
                    else if (kind != ProjectionKind.Inclusion)
                    {
                        writer.Write(index++, value);
                    }
                    break;
            }
        }
    }

    private void WriteLate(BsonDoc document, ProjectionNode child)
    {
        switch (child.Leaf)
        {
            case ComputedLeaf computed:
                writer.Write(child.NameUtf8, computed.Expression.Evaluate(root));
                break;
            case ElemMatchLeaf elemMatch:
                writer.Write(child.NameUtf8, FirstMatch(document.Get(child.NameUtf8), elemMatch));
                break;
            case null when child.Computes:
                writer.StartDocument(child.NameUtf8);
                WriteFields(BsonDoc.Empty, child);
                writer.End();
                break;
            default:
                break;
        }
    }

    private BsonValue Matched(BsonValue array)
    {
        if (!position.HasPosition)
        {
            throw new MongoError(51246, "positional operator '.$' couldn't find a matching element in the array");
        }
        Span<byte> scratch = stackalloc byte[10];
        BsonValue element = array.AsDocument.Get(BsonWriter.IndexName(position.Position, scratch));
        return element.IsMissing
            ? throw new MongoError(51247, "positional operator '.$' element mismatch")
            : Single(element);
    }

    private static BsonValue FirstMatch(BsonValue value, ElemMatchLeaf elemMatch)
    {
        if (!value.IsArray)
        {
            return default;
        }
        foreach (BsonElement element in value.AsDocument)
        {
            int ignored = Paths.NoPosition;
            if (elemMatch.Condition.Test(element.Value, ref ignored))
            {
                return Single(element.Value);
            }
        }
        return default;
    }

    private static BsonValue Slice(BsonValue value, SliceLeaf slice)
    {
        if (!value.IsArray)
        {
            return value;
        }
        BsonDoc array = value.AsDocument;
        int length = array.Count;
        int start = slice.Skip is { } skip
            ? skip < 0 ? Math.Max(length + skip, 0) : Math.Min(skip, length)
            : slice.Count < 0 ? Math.Max(length + slice.Count, 0) : 0;
        int count = Math.Min(slice.Skip is null ? Math.Abs(slice.Count) : slice.Count, length - start);
        if (count == length)
        {
            return value;
        }
        using var inner = new BsonWriter();
        int index = 0;
        foreach (BsonElement element in array)
        {
            if (index >= start && index < start + count)
            {
                inner.Write(index - start, element.Value);
            }
            index++;
        }
        return BsonValue.Array(inner.ToDocument());
    }

    private static BsonValue Single(BsonValue element)
    {
        using var inner = new BsonWriter();
        inner.Write(0, element);
        return BsonValue.Array(inner.ToDocument());
    }
}
