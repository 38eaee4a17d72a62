using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace RvkApp.Tests.Support;

/// <summary>What one running instance of the whole system is started with.</summary>
internal sealed record SchoolAppOptions
{
    /// <summary>Where its volumes are.</summary>
    public required string VolumesPath { get; init; }

    /// <summary>More settings of the app host, as command line arguments.</summary>
    public string[] Arguments { get; init; } = [];

    /// <summary>Environment variables of the API.</summary>
    public Dictionary<string, string> ApiEnvironment { get; init; } = [];
}

/// <summary>The whole system, started from the app host's own model on free ports and a volume of its own, with clients for each role.</summary>
internal sealed class SchoolApp : IAsyncDisposable
{
    public const string AdminEmail = "head@school.example";
    public const string AdminPassword = "admin-password-of-the-tests-1";
    public const string SigningKey = "signing-key-of-the-tests-0123456789abcdefghijklmnopqrstuvwxyz";
    public const string MongoPassword = "MongoPasswordOfTests22";
    public const string UserPassword = "user-password-1";

    // Generous: the machine may be running everything else at the same time.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly DistributedApplication _app;
    private readonly SocketsHttpHandler _handler = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
    private string? _adminToken;
    private string? _userToken;

    private SchoolApp(DistributedApplication app, Uri api, string connectionString)
    {
        _app = app;
        Api = api;
        ConnectionString = connectionString;
    }

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
            "--Ports:Api=0",
            "--Ports:Mongo=0",
            $"--Embedded:VolumesPath={options.VolumesPath}",
            $"--Parameters:admin-email={AdminEmail}",
            $"--Parameters:admin-password={AdminPassword}",
            $"--Parameters:jwt-signing-key={SigningKey}",
            $"--Parameters:mongo-password={MongoPassword}",
            .. options.Arguments,
        ];

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StartDeadline);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RvkApp_AppHost>(arguments, deadline.Token);
        var api = builder.CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(r => r.Name == "api"));
        foreach (var (name, value) in options.ApiEnvironment)
        {
            api.WithEnvironment(name, value);
        }

        var app = await builder.BuildAsync(deadline.Token);
        try
        {
            await app.StartAsync(deadline.Token);
            await app.Services.GetRequiredService<ResourceNotificationService>().WaitForResourceHealthyAsync("api", WaitBehavior.StopOnResourceUnavailable, deadline.Token);
            var connectionString = await app.GetConnectionStringAsync("school", deadline.Token);
            var school = new SchoolApp(app, app.GetEndpoint("api", "http"), connectionString!);
            await school.SignInAsync();
            return school;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

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
