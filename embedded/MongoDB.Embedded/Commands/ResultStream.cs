using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>The documents of a cursor, one after the other.</summary>
internal abstract class ResultStream : IDisposable
{
    /// <summary>The document the stream is on; valid until the next move.</summary>
    public abstract BsonDoc Current { get; }

    /// <summary>True when <see cref="Current"/> was read but did not fit into the batch before.</summary>
    public bool Pending { get; set; }

    public abstract bool MoveNext();

    /// <summary>Sets the operation whose limits the next moves obey.</summary>
    public abstract void Use(OperationContext operation);

    /// <summary>Keys and documents looked at so far.</summary>
    public virtual (long Keys, long Documents) Examined => (0, 0);

    public abstract void Dispose();
}

/// <summary>
/// A stream over an enumeration, such as the output of a pipeline.
/// <para><paramref name="use"/>: Passes an operation on to what the enumeration reads from.</para>
/// <para><paramref name="dispose"/>: Closes what the enumeration reads from.</para>
/// </summary>
internal sealed class EnumeratedStream(IEnumerable<BsonDoc> documents, Action<OperationContext> use, Action dispose) : ResultStream
{
    private readonly IEnumerator<BsonDoc> _documents = documents.GetEnumerator();

    public override BsonDoc Current => _documents.Current;

    public override bool MoveNext() => _documents.MoveNext();

    public override void Use(OperationContext operation) => use(operation);

    public override void Dispose()
    {
        _documents.Dispose();
        dispose();
    }
}
