using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB.Local;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>Servers that really run.</summary>
public sealed class MongoDBFunctionalTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _root = Directory.CreateTempSubdirectory("volumes-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Data_and_password_outlive_the_run_and_the_parameter()
    {
        await using (var first = await StartAsync(["--Parameters:mongo-password=secret"]))
        {
            await (await OpenAsync(first)).InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Equal(new VolumeCredential("admin", "secret"), VolumeCredential.Read(Path.Combine(_root, "data")));

        // Nothing is configured this time: the volume knows.
        await using var second = await StartAsync([]);
        Assert.Equal(1, await (await OpenAsync(second)).CountDocumentsAsync(FilterDefinition<BsonDocument>.Empty, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_volume_that_lost_its_credential_file_gets_it_back_once_the_server_accepted_the_password()
    {
        await using (await StartAsync(["--Parameters:mongo-password=secret"]))
        {
        }

        File.Delete(VolumeCredential.PathIn(Path.Combine(_root, "data")));

        await using (await StartAsync(["--Parameters:mongo-password=secret"]))
        {
            Assert.Equal(new VolumeCredential("admin", "secret"), VolumeCredential.Read(Path.Combine(_root, "data")));
        }
    }

    [Fact]
    public async Task A_server_asks_for_the_credential()
    {
        await using var app = await StartAsync(["--Parameters:mongo-password=secret"]);
        var address = new MongoUrlBuilder(await ConnectionStringAsync(app)) { Password = "another" }.ToMongoUrl();

        await Assert.ThrowsAsync<MongoAuthenticationException>(() => new MongoClient(address).GetDatabase("school").ListCollectionNamesAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private async Task<DistributedApplication> StartAsync(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = [$"--Embedded:VolumesPath={_root}", .. args], DisableDashboard = true });
        builder.AddMongoDB("mongo").WithDataVolume("data").AddDatabase("school");
        var app = builder.Build();
        try
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(Deadline);
            await app.StartAsync(deadline.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("mongo", WaitBehavior.StopOnResourceUnavailable, deadline.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("school", WaitBehavior.StopOnResourceUnavailable, deadline.Token);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<IMongoCollection<BsonDocument>> OpenAsync(DistributedApplication app)
    {
        var address = MongoUrl.Create(await ConnectionStringAsync(app));
        return new MongoClient(address).GetDatabase(address.DatabaseName).GetCollection<BsonDocument>("things");
    }

    private static async Task<string> ConnectionStringAsync(DistributedApplication app)
    {
        var school = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.OfType<MongoDBDatabaseResource>().Single();
        return (await school.ConnectionStringExpression.GetValueAsync(TestContext.Current.CancellationToken))!;
    }
}
