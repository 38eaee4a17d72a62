using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Commands;

/// <summary>A query: what, in which order, how much of it.</summary>
internal sealed record FindSpec
{
    public required Matcher Matcher { get; init; }

    public SortPattern? Sort { get; init; }

    public Projection? Projection { get; init; }

    public PlanHint Hint { get; init; }

    public long Skip { get; init; }

    /// <summary>Zero for no limit.</summary>
    public long Limit { get; init; }

    public bool AllowDiskUse { get; init; }
}

/// <summary>Executes a find: records by plan, a sort when the plan gives no order, skip, limit, projection.</summary>
internal sealed class FindStream : ResultStream
{
    private readonly FindSpec _spec;
    private readonly RecordCursor _records;
    private readonly SortBuffer? _sort;
    private int _sorted = -1;
    private long _skipped;
    private long _returned;
    private BsonDoc _current;

    public FindStream(StorageEngine engine, Collection? collection, FindSpec spec, OperationContext operation)
    {
        _spec = spec;
        _records = QueryExecution.Open(engine, collection, spec.Matcher, spec.Sort, spec.Hint, operation, keepDocuments: false);
        if (spec.Sort is { IsEmpty: false } && !_records.Plan.ProvidesSort)
        {
            _sort = new SortBuffer(spec.Sort!, spec.Limit > 0 ? spec.Skip + spec.Limit : long.MaxValue, spec.AllowDiskUse);
        }
    }

    public QueryPlan Plan => _records.Plan;

    public override BsonDoc Current => _current;

    public override (long Keys, long Documents) Examined => (_records.KeysExamined, _records.DocumentsExamined);

    public override bool MoveNext()
    {
        if (_spec.Limit > 0 && _returned >= _spec.Limit)
        {
            return false;
        }
        while (NextInOrder(out BsonDoc document))
        {
            if (_skipped < _spec.Skip)
            {
                _skipped++;
                continue;
            }
            _returned++;
            _current = _spec.Projection is null ? document : _spec.Projection.Apply(document);
            return true;
        }
        return false;
    }

    public override void Use(OperationContext operation) => _records.Operation = operation;

    public override void Dispose() => _records.Dispose();

    private bool NextInOrder(out BsonDoc document)
    {
        if (_sort is null)
        {
            bool more = _records.MoveNext();
            document = more ? _records.Current : default;
            return more;
        }
        if (_sorted < 0)
        {
            while (_records.MoveNext())
            {
                _sort.Add(_records.Current);
            }
            _sort.Sort();
            // The records have been read: nothing is to be kept open between batches.
            _records.Dispose();
        }
        bool inside = ++_sorted < _sort.Count;
        document = inside ? _sort[_sorted] : default;
        return inside;
    }
}
