using Amazon.Lambda.AspNetCoreServer.Hosting.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Tests.Support;

namespace RvkApp.Tests.Lambda;

/// <summary>What each execution environment does to the database before its first request: there are many of them, and each does it.</summary>
public sealed class DatabasePreparationTests : IAsyncLifetime
{
    private const int Environments = 4;
    private const string MongoPassword = "password";

    // The commands that change something; createIndexes does only when an index is missing.
    private static readonly string[] Writes = ["insert", "update", "delete", "findAndModify", "create", "drop"];

    private readonly TemporaryDirectory _data = new();
    private ServerProcess _mongo = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _mongo = await MongoProcess.StartAsync(_data.Path, MongoPassword);

    public async ValueTask DisposeAsync()
    {
        await _mongo.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Environments_that_start_at_once_on_an_empty_database_make_one_school_of_it()
    {
        await Task.WhenAll(Enumerable.Range(0, Environments).Select(_ => StartAndEndAsync(_mongo.Port)));

        var school = new MongoClient(MongoProcess.ConnectionString(_mongo.Port, MongoPassword)).GetDatabase("school");
        Assert.Equal(1, await CountAsync(school, "users"));
        Assert.Equal(20, await CountAsync(school, "courses"));
        Assert.Equal(15, await CountAsync(school, "teachers"));
        Assert.Equal(200, await CountAsync(school, "students"));
    }

    [Fact]
    public async Task An_environment_that_finds_everything_prepared_writes_nothing_and_asks_little()
    {
        await StartAndEndAsync(_mongo.Port);
        await using var wire = new WireProxy(_mongo.Port);

        await StartAndEndAsync(wire.Port);

        var commands = wire.Commands.Where(command => !command.IsHello && !command.Name.StartsWith("sasl", StringComparison.Ordinal) && command.Name != "endSessions").Select(command => command.Name).ToArray();
        Assert.Empty(commands.Intersect(Writes));
        // A ping and that of the health check, indexes of five collections, is there an admin, was the demo created, which courses are referred to, and do they exist.
        Assert.Equal(["createIndexes", "createIndexes", "createIndexes", "createIndexes", "createIndexes", "distinct", "distinct", "find", "find", "find", "ping", "ping"], commands.Order(StringComparer.Ordinal));
    }

    private static async Task StartAndEndAsync(int port)
    {
        await using var runtime = await RuntimeApiServer.StartAsync();
        await using var function = FunctionProcess.StartBuilt(runtime, new()
        {
            ["ConnectionStrings__school"] = MongoProcess.ConnectionString(port, MongoPassword),
            ["Jwt__SigningKey"] = SchoolApp.SigningKey,
            ["Admin__Email"] = SchoolApp.AdminEmail,
            ["Admin__Password"] = SchoolApp.AdminPassword,
            ["Seed__Demo"] = "true",
        });
        await function.StartedAsync(runtime);
        new FunctionReply("GET /health", await runtime.InvokeAsync(new HttpApiEvent("GET", "/health").ToString())).ShouldBe(200);
        Assert.DoesNotContain("fail:", function.Output, StringComparison.Ordinal);
    }

    private static Task<long> CountAsync(IMongoDatabase school, string collection)
        => school.GetCollection<BsonDocument>(collection).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: Cancelled);
}
