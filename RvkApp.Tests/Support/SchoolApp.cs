using System.Diagnostics;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.AppHost;

namespace RvkApp.Tests.Support;

/// <summary>What one running instance of the whole system is started with.</summary>
internal sealed record SchoolAppOptions
{
    /// <summary>What runs the API.</summary>
    public required ApiHost ApiHost { get; init; }

    /// <summary>Where its volumes are.</summary>
    public required string VolumesPath { get; init; }

    /// <summary>More settings of the app host, as command line arguments.</summary>
    public string[] Arguments { get; init; } = [];
}

/// <summary>The whole system, started from the app host's own model on free ports and a volume of its own, with clients for each role.</summary>
internal sealed class SchoolApp : IAsyncDisposable
{
    public const string AdminEmail = "head@school.example";
    public const string AdminPassword = "admin-password-of-the-tests-1";
    public const string SigningKey = "signing-key-of-the-tests-0123456789abcdefghijklmnopqrstuvwxyz";
    public const string MongoPassword = "MongoPasswordOfTests22";
    public const string UserPassword = "user-password-1";

    // Environments are processes of this machine, which may be busy; and tests are no load that the cloud's limits should cut.
    private static readonly string[] LambdaArguments = ["--Embedded:Lambda:MaxEnvironments=4", "--Embedded:Lambda:InitTimeout=00:01:00", "--Aws:LambdaConcurrency=900", "--Aws:ThrottleRate=10000", "--Aws:ThrottleBurst=5000"];

    // Generous: the machine may be running everything else at the same time.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly DistributedApplication _app;
    private readonly SocketsHttpHandler _handler = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
    private readonly string _volumesPath;
    private string? _adminToken;
    private string? _userToken;

    private SchoolApp(DistributedApplication app, SchoolAppOptions options, string connectionString)
    {
        _app = app;
        Host = options.ApiHost;
        _volumesPath = options.VolumesPath;
        Api = app.GetEndpoint(Entrance(Host), "http");
        ConnectionString = connectionString;
    }

    /// <summary>What runs the API.</summary>
    public ApiHost Host { get; }

    /// <summary>The API's address.</summary>
    public Uri Api { get; }

    /// <summary>The database's connection string, as the API gets it.</summary>
    public string ConnectionString { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The account of <see cref="Role.User"/>.</summary>
    public string UserEmail { get; private set; } = string.Empty;

    public static async Task<SchoolApp> StartAsync(SchoolAppOptions options, CancellationToken cancellationToken)
    {
        // Every parameter is given, so that nothing is read from or written to the developer's user secrets.
        string[] arguments =
        [
            $"--ApiHost={options.ApiHost}",
            "--Ports:Api=0",
            "--Ports:Mongo=0",
            $"--Embedded:VolumesPath={options.VolumesPath}",
            $"--Parameters:admin-email={AdminEmail}",
            $"--Parameters:admin-password={AdminPassword}",
            $"--Parameters:jwt-signing-key={SigningKey}",
            $"--Parameters:mongo-password={MongoPassword}",
            .. options.ApiHost == ApiHost.Lambda ? LambdaArguments : [],
            .. options.Arguments,
        ];

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RvkApp_AppHost>(arguments, deadline.Token);
        var app = await builder.BuildAsync(deadline.Token);
        try
        {
            await app.StartAsync(deadline.Token);
            await app.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync(Entrance(options.ApiHost), WaitBehavior.StopOnResourceUnavailable, deadline.Token);
            var connectionString = await app.GetConnectionStringAsync("school", deadline.Token);
            var school = new SchoolApp(app, options, connectionString!);
            await school.SignInAsync();
            return school;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The resource that clients talk to.</summary>
    private static string Entrance(ApiHost host) => host == ApiHost.Lambda ? "gateway" : "api";

    /// <summary>A client of the API in a role, with connections of the app's own pool.</summary>
    public HttpClient CreateClient(Role role)
    {
        var client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = Api, Timeout = TimeSpan.FromSeconds(60) };
        return role switch
        {
            Role.Admin => client.WithToken(_adminToken!),
            Role.User => client.WithToken(_userToken!),
            _ => client,
        };
    }

    /// <summary>The database itself, to see what is really stored.</summary>
    public IMongoDatabase OpenDatabase()
    {
        var url = MongoUrl.Create(ConnectionString);
        return new MongoClient(url).GetDatabase(url.DatabaseName);
    }

    public IMongoCollection<BsonDocument> Collection(string name) => OpenDatabase().GetCollection<BsonDocument>(name);

    /// <summary>The processes that run the API, by id: one, or one for each execution environment (Linux).</summary>
    public HashSet<int> FindApis() => [.. RunningProcess.All().Where(p => p.Environment.Contains($"ConnectionStrings__school={ConnectionString}", StringComparison.Ordinal)).Select(p => p.Id)];

    /// <summary>MongoDB's process (Linux).</summary>
    public Process FindMongo() => Process.GetProcessById(RunningProcess.All().Single(p => p.CommandLine.Contains(_volumesPath, StringComparison.Ordinal)).Id);

    public async Task StopAsync(CancellationToken cancellationToken) => await _app.StopAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _handler.Dispose();
    }

    private async Task SignInAsync()
    {
        using var client = CreateClient(Role.Anonymous);
        var admin = await client.PostAsync("/auth/login", new JsonObject { ["email"] = AdminEmail, ["password"] = AdminPassword });
        _adminToken = admin.ShouldBe(200).Json.GetProperty("token").GetString();

        UserEmail = Unique.Email();
        var user = await client.PostAsync("/auth/register", new JsonObject { ["username"] = Unique.Name(), ["email"] = UserEmail, ["password"] = UserPassword });
        _userToken = user.ShouldBe(201).Json.GetProperty("token").GetString();
    }
}
