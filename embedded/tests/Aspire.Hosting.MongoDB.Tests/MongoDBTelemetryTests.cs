using System.Diagnostics.Metrics;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>The metrics of a server, as a collector gets them.</summary>
public sealed class MongoDBTelemetryTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("volumes-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_server_s_operations_connections_memory_traffic_and_writes_are_its_metrics()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var app = await StartAsync(collector);

        await InsertAsync(app, 3);

        var inserts = await collector.WaitAsync(c => c.Points.FirstOrDefault(p => p.Metric == "mongodb.operation.count" && p.Attributes["operation"] == "insert" && p.Value >= 3));
        Assert.Equal("mongo", inserts.Resource);
        foreach (var (metric, unit) in new[]
        {
            ("mongodb.network.io.receive", "By"), ("mongodb.network.io.transmit", "By"), ("mongodb.network.request.count", "{request}"), ("mongodb.storage.write.count", "{write}"),
            ("mongodb.storage.write.io", "By"), ("mongodb.memory.usage", "By"), ("mongodb.connection.count", "{connection}"),
        })
        {
            Assert.Equal(unit, (await collector.WaitAsync(c => c.Points.FirstOrDefault(p => p.Metric == metric && p.Value > 0))).Unit);
        }
    }

    [Fact]
    public async Task The_metrics_end_and_begin_with_the_server()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var app = await StartAsync(collector);
        await InsertAsync(app, 3);
        await collector.WaitAsync(c => Inserts(c).LastOrDefault(p => p.Value >= 3));

        await CommandAsync(app, "stop", KnownResourceStates.Exited);
        await CommandAsync(app, "start", KnownResourceStates.Running);

        // A new server counts from zero.
        await collector.WaitAsync(c => Inserts(c).LastOrDefault() is { Value: 0 } last ? last : null);
    }

    [Fact]
    public void What_a_server_does_not_say_is_not_measured_and_what_mongod_says_is()
    {
        using var meter = new Meter("test");
        var metrics = new ServerStatusMetrics(meter);
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])] = value);
        listener.Start();

        listener.RecordObservableInstruments();
        Assert.Empty(measured);

        metrics.Status = BsonDocument.Parse("""
            {
                "opcounters": {"insert": {"$numberLong": "5"}, "query": 2}, "connections": {"current": 4.0}, "mem": {"bits": 64, "resident": 100, "supported": true},
                "wiredTiger": {"block-manager": {"blocks written": 7, "bytes written": {"$numberLong": "28672"}}}
            }
            """);
        listener.RecordObservableInstruments();
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["mongodb.operation.count insert"] = 5,
                ["mongodb.operation.count query"] = 2,
                ["mongodb.connection.count current"] = 4,
                ["mongodb.memory.usage resident"] = 100L << 20,
                ["mongodb.storage.write.count"] = 7,
                ["mongodb.storage.write.io"] = 28672,
            },
            measured);
    }

    private static IEnumerable<OtlpPoint> Inserts(OtlpReceiver collector) => collector.Points.Where(p => p.Metric == "mongodb.operation.count" && p.Attributes["operation"] == "insert");

    private async Task<DistributedApplication> StartAsync(OtlpReceiver collector)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            // In development measurements are sent each second.
            Args = [$"--Embedded:VolumesPath={_root}", "--Parameters:mongo-password=secret", "--environment", "Development", $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={collector.Address}"],
            DisableDashboard = true,
        });
        builder.AddMongoDB("mongo").WithDataVolume("data");
        var app = builder.Build();
        try
        {
            using var deadline = Within();
            await app.StartAsync(deadline.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("mongo", WaitBehavior.StopOnResourceUnavailable, deadline.Token);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task InsertAsync(DistributedApplication app, int count)
    {
        var mongo = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<MongoDBServerResource>().Single();
        using var client = new MongoClient(await mongo.ConnectionStringExpression.GetValueAsync(TestContext.Current.CancellationToken));
        for (var i = 0; i < count; i++)
        {
            await client.GetDatabase("school").GetCollection<BsonDocument>("things").InsertOneAsync([], cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    private static async Task CommandAsync(DistributedApplication app, string command, string state)
    {
        using var deadline = Within();
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync("mongo", command, deadline.Token)).Success);
        await app.ResourceNotifications.WaitForResourceAsync("mongo", state, deadline.Token);
    }

    private static CancellationTokenSource Within()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Deadline);
        return source;
    }
}
