using System.Net;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Embedded.Tests.Fixtures;

namespace MongoDB.Embedded.Tests.Server;

public sealed class ProcessTests : IDisposable
{
    private readonly string _directory = TestServer.NewDirectory();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            TestServer.Delete(_directory);
        }
    }

    [Fact]
    public async Task SIGTERM_ends_it_with_0_and_nothing_is_lost()
    {
        using (ServerProcess server = ServerProcess.OnDirectory(_directory))
        {
            await Items(await server.ClientAsync()).InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Cancel);
            Assert.Equal(0, await server.TerminateAsync());
            Assert.Equal("", server.Errors);
            Assert.All(server.Output, line => BsonDocument.Parse(line));
        }
        using ServerProcess again = ServerProcess.OnDirectory(_directory);
        Assert.Equal(1, (await Items(await again.ClientAsync()).Find("{}").SingleAsync(Cancel))["_id"]);
    }

    [Fact]
    public async Task Killing_it_in_the_middle_of_writes_loses_nothing_acknowledged()
    {
        var acknowledged = new HashSet<int>();
        var updated = new Dictionary<int, int>();
        int next = 0;
        for (int round = 0; round < 4; round++)
        {
            using ServerProcess server = ServerProcess.OnDirectory(_directory);
            MongoClient client = await server.ClientAsync();
            IMongoCollection<BsonDocument> items = Items(client);
            await Check(items, acknowledged, updated);
            if (round == 0)
            {
                await items.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>("{code: 1}", new CreateIndexOptions { Unique = true }), cancellationToken: Cancel);
            }
            int goal = acknowledged.Count + 100 + (round * 37);
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] writers = [.. Enumerable.Range(0, 6).Select(_ => Task.Run(() => WriteUntilDead()))];
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
            await server.KillAsync();
            await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

            async Task WriteUntilDead()
            {
                try
                {
                    while (true)
                    {
                        int id = Interlocked.Increment(ref next);
                        await items.InsertOneAsync(new BsonDocument { { "_id", id }, { "code", $"c{id}" }, { "n", 0 }, { "x", new string('x', 300) } }, cancellationToken: Cancel);
                        lock (acknowledged)
                        {
                            acknowledged.Add(id);
                        }
                        await items.UpdateOneAsync(new BsonDocument("_id", id), "{$set: {n: 1}}", cancellationToken: Cancel);
                        lock (acknowledged)
                        {
                            updated[id] = 1;
                            if (acknowledged.Count >= goal)
                            {
                                reached.TrySetResult();
                            }
                        }
                    }
                }
                catch (Exception e) when (e is MongoException or TimeoutException)
                {
                    // The server is dead: what was not acknowledged may be there or not.
                }
            }
        }
        using ServerProcess last = ServerProcess.OnDirectory(_directory);
        await Check(Items(await last.ClientAsync()), acknowledged, updated);
    }

    [Fact]
    public async Task A_directory_in_use_is_exit_code_100_and_a_sentence()
    {
        using ServerProcess first = ServerProcess.OnDirectory(_directory);
        await first.PortAsync();
        using ServerProcess second = ServerProcess.OnDirectory(_directory);
        Assert.Equal(100, await second.ExitCodeAsync());
        Assert.Contains("is in use by another process", second.Errors, StringComparison.Ordinal);
        Assert.Single(second.Errors.Split('\n'));
        await Items(await first.ClientAsync()).InsertOneAsync(new BsonDocument(), cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_port_in_use_is_exit_code_48_and_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var server = new ServerProcess(["--dbpath", _directory, "--port", $"{((IPEndPoint)taken.LocalEndpoint).Port}"]);
        Assert.Equal(48, await server.ExitCodeAsync());
        Assert.Contains("is in use", Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "99999")]
    [InlineData("--bogus", "1")]
    [InlineData("--port")]
    public async Task Bad_arguments_are_exit_code_2_and_a_sentence(params string[] arguments)
    {
        using var server = new ServerProcess(["--dbpath", _directory, .. arguments]);
        Assert.Equal(2, await server.ExitCodeAsync());
        Assert.Contains(arguments[0], Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Help_and_version_are_printed()
    {
        using var help = new ServerProcess(["--help"]);
        Assert.Equal(0, await help.ExitCodeAsync());
        using var version = new ServerProcess(["--version"]);
        Assert.Equal(0, await version.ExitCodeAsync());
        await Eventually.True(() => Task.FromResult(help.Output.Any(l => l.Contains("--dbpath", StringComparison.Ordinal)) && version.Output.Count == 1));
    }

    [Fact]
    public async Task The_first_user_comes_from_the_environment()
    {
        using var server = new ServerProcess(
            ["--dbpath", _directory, "--port", "0", "--bind_ip", "127.0.0.1", "--auth"], (ServerOptions.UserVariable, "boss"), (ServerOptions.PasswordVariable, "pass-of-boss"));
        MongoClient client = await server.ClientAsync(s => s.Credential = MongoCredential.CreateCredential("admin", "boss", "pass-of-boss"));
        await Items(client).InsertOneAsync(new BsonDocument(), cancellationToken: Cancel);
        Assert.DoesNotContain(server.Output, line => line.Contains("pass-of-boss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("CURRENT", "CURRENT")]
    [InlineData("the manifest", "MANIFEST-*")]
    [InlineData("the log", "*.log")]
    public async Task A_corrupt_file_is_exit_code_100_and_destroys_nothing(string what, string pattern)
    {
        using (ServerProcess server = ServerProcess.OnDirectory(_directory))
        {
            IMongoCollection<BsonDocument> items = Items(await server.ClientAsync());
            await items.InsertManyAsync(Enumerable.Range(0, 500).Select(i => new BsonDocument { { "_id", i }, { "x", new string('x', 200) } }), cancellationToken: Cancel);
            await items.InsertOneAsync(new BsonDocument("_id", 1000), cancellationToken: Cancel);
            await server.KillAsync();
        }
        string store = Path.Combine(_directory, "embedded", "store");
        string file = Directory.GetFiles(store, pattern).MaxBy(f => new FileInfo(f).Length)!;
        byte[] bytes = await File.ReadAllBytesAsync(file, Cancel);
        bytes.AsSpan(bytes.Length / 3, Math.Min(16, bytes.Length / 3)).Fill(0xA5);
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        Dictionary<string, long> before = Sizes(store);

        using ServerProcess broken = ServerProcess.OnDirectory(_directory);
        Assert.True(await broken.ExitCodeAsync() == 100, what);
        Assert.Contains(_directory, Assert.Single(broken.Errors.Split('\n')), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, Cancel));
        Assert.All(before, kept => Assert.Equal(kept.Value, new FileInfo(kept.Key).Length));
    }

    [Theory]
    [InlineData("FORMAT", "99", "newer version")]
    [InlineData("FORMAT", "garbage", "is corrupt")]
    [InlineData("FORMAT", null, "is missing")]
    public async Task A_foreign_format_is_exit_code_100(string file, string? content, string expected)
    {
        using (ServerProcess server = ServerProcess.OnDirectory(_directory))
        {
            await server.PortAsync();
            await server.TerminateAsync();
        }
        string path = Path.Combine(_directory, "embedded", file);
        if (content is null)
        {
            File.Delete(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, content, Cancel);
        }
        using ServerProcess again = ServerProcess.OnDirectory(_directory);
        Assert.Equal(100, await again.ExitCodeAsync());
        Assert.Contains(expected, Assert.Single(again.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_store_is_not_replaced_by_an_empty_one()
    {
        using (ServerProcess server = ServerProcess.OnDirectory(_directory))
        {
            await server.PortAsync();
            await server.TerminateAsync();
        }
        Directory.Delete(Path.Combine(_directory, "embedded", "store"), recursive: true);
        using ServerProcess again = ServerProcess.OnDirectory(_directory);
        Assert.Equal(100, await again.ExitCodeAsync());
        Assert.Contains("restore it from a copy", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_a_file_is_exit_code_100()
    {
        string file = Path.Combine(_directory, "file");
        await File.WriteAllTextAsync(file, "x", Cancel);
        using ServerProcess server = ServerProcess.OnDirectory(file);
        Assert.Equal(100, await server.ExitCodeAsync());
        Assert.Contains("cannot be read and written", Assert.Single(server.Errors.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_permissions_close_is_exit_code_100()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
        {
            Assert.Skip("needs a user whom file permissions bind");
            return;
        }
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using ServerProcess server = ServerProcess.OnDirectory(_directory);
        Assert.Equal(100, await server.ExitCodeAsync());
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task A_directory_that_nobody_may_create_is_exit_code_100()
    {
        // The kernel's own file system takes no directories, whoever asks: this holds for root as well.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /sys");
        using ServerProcess server = ServerProcess.OnDirectory("/sys/mongodb-embedded-test");
        Assert.Equal(100, await server.ExitCodeAsync());
        Assert.Contains("/sys/mongodb-embedded-test", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_starts_over()
    {
        string root = Path.Combine(_directory, "embedded");
        Directory.CreateDirectory(Path.Combine(root, "store"));
        await File.WriteAllTextAsync(Path.Combine(root, "CREATING"), "1\n", Cancel);
        await File.WriteAllTextAsync(Path.Combine(root, "store", "MANIFEST-000001"), "half", Cancel);
        using ServerProcess server = ServerProcess.OnDirectory(_directory);
        await Items(await server.ClientAsync()).InsertOneAsync(new BsonDocument(), cancellationToken: Cancel);
    }

    [Fact]
    public async Task A_copy_of_a_stopped_server_s_directory_is_the_database()
    {
        using (ServerProcess server = ServerProcess.OnDirectory(_directory))
        {
            await Items(await server.ClientAsync()).InsertOneAsync(new BsonDocument("_id", "kept"), cancellationToken: Cancel);
            await server.TerminateAsync();
        }
        string copy = TestServer.NewDirectory();
        try
        {
            foreach (string file in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories))
            {
                string target = Path.Combine(copy, Path.GetRelativePath(_directory, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            using ServerProcess restored = ServerProcess.OnDirectory(copy);
            Assert.Equal("kept", (await Items(await restored.ClientAsync()).Find("{}").SingleAsync(Cancel))["_id"]);
        }
        finally
        {
            TestServer.Delete(copy);
        }
    }

    private static IMongoCollection<BsonDocument> Items(MongoClient client) => client.GetDatabase("t").GetCollection<BsonDocument>("items");

    private static async Task Check(IMongoCollection<BsonDocument> items, HashSet<int> acknowledged, Dictionary<int, int> updated)
    {
        Dictionary<int, BsonDocument> found = (await items.Find("{}").ToListAsync(Cancel)).ToDictionary(d => d["_id"].AsInt32);
        Assert.All(acknowledged, id => Assert.True(found.ContainsKey(id), $"{id} was acknowledged and is gone"));
        Assert.All(updated, u => Assert.Equal(u.Value, found[u.Key]["n"]));
        Assert.All(found.Values, d => Assert.Equal(300, d["x"].AsString.Length));
        if (found.Count > 0)
        {
            BsonDocument result = await items.Database.RunCommandAsync<BsonDocument>(new BsonDocument { { "validate", "items" }, { "full", true } }, cancellationToken: Cancel);
            Assert.True(result["valid"].AsBoolean, result.ToString());
        }
    }

    private static Dictionary<string, long> Sizes(string directory) =>
        Directory.GetFiles(directory).Where(f => !Path.GetFileName(f).StartsWith("LO", StringComparison.Ordinal)).ToDictionary(f => f, f => new FileInfo(f).Length);
}
