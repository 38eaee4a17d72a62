using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Query;
using MongoDB.Embedded.Storage.Planning;

namespace MongoDB.Embedded.Storage;

/// <summary>
/// Deletes expired documents ("TTL Indexes" in the manual): those whose indexed date, or the earliest date of an indexed array, lies
/// longer ago than the index says. Looks every so often, on a thread of its own.
/// </summary>
internal sealed class TtlMonitor : IDisposable
{
    private readonly StorageEngine _engine;
    private readonly ServerLog _log;
    private readonly TimeSpan _interval;
    private readonly Action _alsoDo;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    /// <summary>
    /// <para><paramref name="alsoDo"/>: Other upkeep at the same pace.</para>
    /// </summary>
    public TtlMonitor(StorageEngine engine, TimeSpan interval, ServerLog log, Action alsoDo)
    {
        _engine = engine;
        _interval = interval;
        _log = log;
        _alsoDo = alsoDo;
        _thread = new Thread(Run, 512 << 10) { IsBackground = true, Name = "TTLMonitor" };
    }

    public void Start() => _thread.Start();

    /// <summary>Deletes what has expired by now.</summary>
    /// <returns>The number of documents deleted.</returns>
    public static long Sweep(StorageEngine engine, DateTimeOffset now, OperationContext operation)
    {
        long deleted = 0;
        foreach (Collection collection in engine.Catalog.Collections)
        {
            foreach (IndexInfo index in collection.Indexes)
            {
                if (index.ExpireAfterSeconds is double seconds)
                {
                    deleted += Sweep(engine, collection, index, now.ToUnixTimeMilliseconds() - (long)(seconds * 1000), operation);
                }
            }
        }
        return deleted;
    }

    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
        _stop.Dispose();
    }

    private static long Sweep(StorageEngine engine, Collection collection, IndexInfo index, long threshold, OperationContext operation)
    {
        // An $lte on the path bounds the scan of that index to dates, and is true of an array as soon as one date in it is old.
        using var filter = new BsonWriter();
        filter.StartDocument(index.Fields[0].Path);
        filter.Write("$lte", BsonValue.DateTime(threshold));
        filter.End();
        var expired = Matcher.Parse(filter.ToDocument(), QueryContext.Create());
        long deleted = 0;
        // The index by name: hidden from queries it still expires documents.
        var hint = new PlanHint(index.Name, null, 0);
        using RecordCursor cursor = QueryExecution.Open(engine, collection, expired, null, hint, operation, keepDocuments: false);
        while (cursor.MoveNext())
        {
            ChangeOutcome outcome = engine.Writer.Change(collection, cursor.CurrentKey, (BsonDoc current, out BsonDoc replacement) =>
            {
                replacement = default;
                bool stillExpired = expired.IsMatch(current) && (index.Partial is null || index.Partial.IsMatch(current));
                return stillExpired ? ChangeKind.Delete : ChangeKind.NoMatch;
            });
            deleted += outcome == ChangeOutcome.Deleted ? 1 : 0;
        }
        return deleted;
    }

    private void Run()
    {
        var operation = new OperationContext(null, _stop.Token);
        while (!_stop.Token.WaitHandle.WaitOne(_interval))
        {
            try
            {
                _alsoDo();
                long deleted = Sweep(_engine, DateTimeOffset.UtcNow, operation);
                if (deleted > 0)
                {
                    _log.Info("INDEX", 5479200, "Deleted expired documents", ("numDeleted", deleted));
                }
            }
            catch (Exception e) when (e is Errors.MongoError or Rocks.RocksException)
            {
                // An index that was dropped meanwhile, or a store that refuses writes: the next sweep tries again.
                if (!_stop.IsCancellationRequested)
                {
                    _log.Warning("INDEX", 5479201, "Deleting expired documents failed", ("error", e.Message));
                }
            }
        }
    }
}
