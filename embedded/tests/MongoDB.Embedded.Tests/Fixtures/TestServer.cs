using System.Collections.Concurrent;
using System.Net;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Tests.Fixtures;

/// <summary>A server in this process on a free port and a temporary directory, which is gone afterwards.</summary>
internal sealed class TestServer : IDisposable
{
    public const string User = "admin";
    public const string Password = "s3cret,=pass";

    private readonly ConcurrentQueue<string> _log = new();
    private readonly List<MongoClient> _clients = [];
    private readonly bool _ownsDirectory;

    public TestServer(bool auth = false, Func<ServerOptions, ServerOptions>? configure = null, string? directory = null)
    {
        _ownsDirectory = directory is null;
        Directory = directory ?? NewDirectory();
        var options = new ServerOptions
        {
            DbPath = Directory,
            Port = 0,
            BindIp = IPAddress.Loopback,
            Auth = auth,
            RootUser = auth ? User : null,
            RootPassword = auth ? Password : null,
            ShutdownTimeout = TimeSpan.FromSeconds(5),
        };
        Server = EmbeddedServer.Start(configure is null ? options : configure(options), new ServerLog(null) { OnLine = _log.Enqueue });
    }

    public EmbeddedServer Server { get; }

    public string Directory { get; }

    public int Port => Server.Port;

    public IReadOnlyCollection<string> Log => _log;

    public string ConnectionString => $"mongodb://127.0.0.1:{Port}/?serverSelectionTimeoutMS=5000&socketTimeoutMS=20000";

    /// <summary>A client of its own; signed in when the server asks for it.</summary>
    public MongoClient Client(Action<MongoClientSettings>? configure = null, bool signIn = true)
    {
        var settings = MongoClientSettings.FromConnectionString(ConnectionString);
        // Clients with equal settings share their connections; these are not to outlive the server.
        settings.ApplicationName = $"test-{Guid.NewGuid():N}";
        if (signIn && Server.State.Options.Auth)
        {
            settings.Credential = MongoCredential.CreateCredential("admin", User, Password);
        }
        configure?.Invoke(settings);
        var client = new MongoClient(settings);
        lock (_clients)
        {
            _clients.Add(client);
        }
        return client;
    }

    public static string NewDirectory()
    {
        string path = Path.Combine(Path.GetTempPath(), "mongodb-embedded-tests", Guid.NewGuid().ToString("N"));
        System.IO.Directory.CreateDirectory(path);
        return path;
    }

    public static void Delete(string directory) => System.IO.Directory.Delete(directory, recursive: true);

    public void Dispose()
    {
        foreach (MongoClient client in _clients)
        {
            client.Dispose();
        }
        Server.Dispose();
        if (_ownsDirectory)
        {
            Delete(Directory);
        }
    }
}

/// <summary>One server without authentication for the tests of a class, each of which uses a database of its own.</summary>
public sealed class ServerFixture : IDisposable
{
    public ServerFixture()
    {
        Server = new TestServer();
        Client = Server.Client();
    }

    internal TestServer Server { get; }

    public MongoClient Client { get; }

    /// <summary>A database that no other test uses.</summary>
    public IMongoDatabase NewDatabase() => Client.GetDatabase($"test_{Guid.NewGuid():N}");

    /// <summary>A collection in a database that no other test uses.</summary>
    public IMongoCollection<BsonDocument> NewCollection() => NewDatabase().GetCollection<BsonDocument>("items");

    public void Dispose() => Server.Dispose();
}
