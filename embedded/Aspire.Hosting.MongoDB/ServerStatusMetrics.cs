using System.Diagnostics.Metrics;
using MongoDB.Bson;

namespace Aspire.Hosting.MongoDB;

/// <summary>
/// The instruments of a server, named as in OpenTelemetry's collector (https://github.com/open-telemetry/opentelemetry-collector-contrib/blob/main/receiver/mongodbreceiver/documentation.md).
/// What a server does not say is not measured: the embedded server and mongod have fields that the other has not.
/// </summary>
internal sealed class ServerStatusMetrics
{
    /// <summary>Asks for what is used here; mongod's answer is many times as long without the exclusions.</summary>
    public static readonly BsonDocument Command = new() { { "serverStatus", 1 }, { "locks", 0 }, { "metrics", 0 }, { "repl", 0 }, { "tcmalloc", 0 }, { "transactions", 0 } };

    private static readonly string[] Operations = ["insert", "query", "update", "delete", "getmore", "command"];

    private volatile BsonDocument? _status;

    public ServerStatusMetrics(Meter meter)
    {
        meter.CreateObservableCounter(
            "mongodb.operation.count", () => Each("operation", Operations, operation => Number("opcounters", operation)), "{operation}", "Operations that the server has executed.");
        meter.CreateObservableUpDownCounter(
            "mongodb.connection.count", () => Each("type", ["current", "available"], type => Number("connections", type)), "{connection}", "Connections that are open, and that could be besides.");
        meter.CreateObservableUpDownCounter(
            "mongodb.memory.usage", () => Each("type", ["resident", "virtual"], type => Number("mem", type) << 20), "By", "Memory of the server's process.");
        meter.CreateObservableUpDownCounter("mongodb.uptime", () => One(Number("uptimeMillis")), "ms", "How long the server has been running.");
        meter.CreateObservableCounter("mongodb.network.request.count", () => One(Number("network", "numRequests")), "{request}", "Messages that the server has received.");
        meter.CreateObservableCounter("mongodb.network.io.receive", () => One(Number("network", "bytesIn")), "By", "Bytes that the server has received.");
        meter.CreateObservableCounter("mongodb.network.io.transmit", () => One(Number("network", "bytesOut")), "By", "Bytes that the server has sent.");
        // RocksDB is the embedded server's store, WiredTiger mongod's.
        meter.CreateObservableCounter(
            "mongodb.storage.write.count", () => One(Number("rocksdb", "writes") ?? Number("wiredTiger", "block-manager", "blocks written")), "{write}", "Writes of the server to its store.");
        meter.CreateObservableCounter(
            "mongodb.storage.write.io", () => One(Number("rocksdb", "writtenBytes") ?? Number("wiredTiger", "block-manager", "bytes written")), "By", "Bytes that the server has written to its store.");
    }

    /// <summary>What the server has said last; null while it does not answer: then nothing is measured.</summary>
    public BsonDocument? Status
    {
        get => _status;
        set => _status = value;
    }

    private static IEnumerable<Measurement<long>> One(long? value) => value is { } measured ? [new Measurement<long>(measured)] : [];

    private static IEnumerable<Measurement<long>> Each(string attribute, string[] names, Func<string, long?> value)
    {
        foreach (var name in names)
        {
            if (value(name) is { } measured)
            {
                yield return new Measurement<long>(measured, new KeyValuePair<string, object?>(attribute, name));
            }
        }
    }

    private long? Number(params ReadOnlySpan<string> path)
    {
        BsonValue? value = _status;
        foreach (var name in path)
        {
            value = value is BsonDocument document && document.TryGetValue(name, out var inner) ? inner : null;
        }

        return value is { IsNumeric: true } ? value.ToInt64() : null;
    }
}
