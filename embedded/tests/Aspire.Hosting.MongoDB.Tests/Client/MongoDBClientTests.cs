using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using OpenTelemetry.Trace;

namespace Aspire.Hosting.MongoDB.Tests.Client;

public class MongoDBClientTests
{
    [Fact]
    public void The_client_connects_where_the_connection_string_of_the_name_says()
    {
        using var host = Build(builder => builder.AddMongoDBClient("school"), ("ConnectionStrings:school", "mongodb://db.example:27018/school"));

        var client = host.Services.GetRequiredService<IMongoClient>();
        Assert.Equal(new MongoServerAddress("db.example", 27018), client.Settings.Server);
        Assert.Same(client, host.Services.GetRequiredService<IMongoClient>());
    }

    [Fact]
    public void The_database_that_the_connection_string_names_is_registered()
    {
        using var host = Build(builder => builder.AddMongoDBClient("school"), ("ConnectionStrings:school", "mongodb://db.example/school"));

        var database = host.Services.GetRequiredService<IMongoDatabase>();
        Assert.Equal("school", database.DatabaseNamespace.DatabaseName);
        Assert.Same(host.Services.GetRequiredService<IMongoClient>(), database.Client);
    }

    [Theory]
    [InlineData("mongodb://db.example")]
    [InlineData("mongodb://db.example/?appName=x")]
    public void Without_a_name_in_the_connection_string_there_is_no_database(string connectionString)
    {
        using var host = Build(builder => builder.AddMongoDBClient("school"), ("ConnectionStrings:school", connectionString));

        Assert.Null(host.Services.GetService<IMongoDatabase>());
        Assert.NotNull(host.Services.GetService<IMongoClient>());
    }

    [Fact]
    public void Keyed_clients_stand_beside_each_other_and_the_unkeyed_one()
    {
        using var host = Build(
            builder =>
            {
                builder.AddMongoDBClient("school");
                builder.AddKeyedMongoDBClient("archive");
                builder.AddKeyedMongoDBClient("library");
            },
            ("ConnectionStrings:school", "mongodb://one.example/school"),
            ("ConnectionStrings:archive", "mongodb://two.example/archive"),
            ("ConnectionStrings:library", "mongodb://three.example"));

        Assert.Equal("one.example", host.Services.GetRequiredService<IMongoClient>().Settings.Server.Host);
        Assert.Equal("two.example", host.Services.GetRequiredKeyedService<IMongoClient>("archive").Settings.Server.Host);
        Assert.Equal("three.example", host.Services.GetRequiredKeyedService<IMongoClient>("library").Settings.Server.Host);
        Assert.Equal("archive", host.Services.GetRequiredKeyedService<IMongoDatabase>("archive").DatabaseNamespace.DatabaseName);
        Assert.Null(host.Services.GetKeyedService<IMongoDatabase>("library"));
        Assert.Equal(
            ["MongoDB.Driver", "MongoDB.Driver_archive", "MongoDB.Driver_library"],
            Registrations(host).Select(check => check.Name).Order());
    }

    [Fact]
    public void The_more_specific_source_of_a_setting_wins()
    {
        (string, string?)[] configuration =
        [
            ("Aspire:MongoDB:Driver:ConnectionString", "mongodb://general.example"),
            ("Aspire:MongoDB:Driver:HealthCheckTimeout", "1000"),
            ("Aspire:MongoDB:Driver:school:ConnectionString", "mongodb://named.example"),
            ("Aspire:MongoDB:Driver:school:HealthCheckTimeout", "2000"),
        ];

        Assert.Equal("general.example", ServerOf("other"));
        Assert.Equal("named.example", ServerOf("school"));
        configuration = [.. configuration, ("ConnectionStrings:school", "mongodb://string.example")];
        Assert.Equal("string.example", ServerOf("school"));

        using var host = Build(
            builder => builder.AddMongoDBClient("school", settings =>
            {
                Assert.Equal("mongodb://string.example", settings.ConnectionString);
                Assert.Equal(2000, settings.HealthCheckTimeout);
                settings.ConnectionString = "mongodb://code.example";
            }),
            configuration);
        Assert.Equal("code.example", host.Services.GetRequiredService<IMongoClient>().Settings.Server.Host);

        string ServerOf(string name)
        {
            using var host = Build(builder => builder.AddMongoDBClient(name), configuration);
            return host.Services.GetRequiredService<IMongoClient>().Settings.Server.Host;
        }
    }

    [Fact]
    public void A_missing_connection_string_is_named_when_the_client_is_needed()
    {
        using var host = Build(builder => builder.AddMongoDBClient("school"));

        var exception = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IMongoClient>());
        Assert.Contains("'ConnectionStrings:school'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'Aspire:MongoDB:Driver:school'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'ConnectionStrings__school'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_needed()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Assert.Equal("connectionName", Assert.Throws<ArgumentException>(() => builder.AddMongoDBClient("")).ParamName);
        Assert.Equal("name", Assert.Throws<ArgumentNullException>(() => builder.AddKeyedMongoDBClient(null!)).ParamName);
        Assert.Equal("builder", Assert.Throws<ArgumentNullException>(() => ((IHostApplicationBuilder)null!).AddMongoDBClient("school")).ParamName);
    }

    [Fact]
    public void The_clients_own_settings_can_be_adjusted()
    {
        using var host = Build(
            builder => builder.AddMongoDBClient("school", configureClientSettings: client => client.MaxConnectionPoolSize = 7),
            ("ConnectionStrings:school", "mongodb://db.example/?maxPoolSize=50"));

        var settings = host.Services.GetRequiredService<IMongoClient>().Settings;
        Assert.Equal(7, settings.MaxConnectionPoolSize);
        Assert.Equal("aspire", settings.LibraryInfo.Name);
        Assert.NotNull(settings.LoggingSettings);
    }

    [Fact]
    public void The_drivers_spans_are_traced_unless_that_is_disabled()
    {
        using var traced = Build(builder => builder.AddMongoDBClient("school"), ("ConnectionStrings:school", "mongodb://db.example"));
        Assert.NotNull(traced.Services.GetService<TracerProvider>());
        Assert.True(MongoTelemetrySourceIsListenedTo());

        using var silent = Build(
            builder => builder.AddMongoDBClient("school"),
            ("ConnectionStrings:school", "mongodb://db.example"),
            ("Aspire:MongoDB:Driver:DisableTracing", "true"));
        Assert.Null(silent.Services.GetService<TracerProvider>());
        Assert.True(silent.Services.GetRequiredService<IMongoClient>().Settings.TracingOptions.Disabled);

        // A second source of the driver's name has the same listeners.
        static bool MongoTelemetrySourceIsListenedTo()
        {
            using var source = new System.Diagnostics.ActivitySource(MongoTelemetry.ActivitySourceName);
            return source.HasListeners();
        }
    }

    [Fact]
    public void The_health_check_can_be_left_out_and_has_the_configured_deadline()
    {
        using var without = Build(
            builder => builder.AddMongoDBClient("school", settings => settings.DisableHealthChecks = true), ("ConnectionStrings:school", "mongodb://db.example"));
        Assert.Empty(Registrations(without));

        using var with = Build(
            builder => builder.AddMongoDBClient("school", settings => settings.HealthCheckTimeout = 1500), ("ConnectionStrings:school", "mongodb://db.example"));
        var check = Assert.Single(Registrations(with));
        Assert.Equal(("MongoDB.Driver", TimeSpan.FromMilliseconds(1500)), (check.Name, check.Timeout));

        using var unlimited = Build(builder => builder.AddMongoDBClient("school"), ("ConnectionStrings:school", "mongodb://db.example"));
        Assert.Equal(Timeout.InfiniteTimeSpan, Assert.Single(Registrations(unlimited)).Timeout);
    }

    [Fact]
    public void Registering_twice_makes_one_health_check()
    {
        using var host = Build(
            builder =>
            {
                builder.AddMongoDBClient("school");
                builder.AddMongoDBClient("school");
            },
            ("ConnectionStrings:school", "mongodb://db.example"));
        Assert.Single(Registrations(host));
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unhealthy_by_the_deadline()
    {
        using var host = Build(
            builder => builder.AddMongoDBClient("school", settings => settings.HealthCheckTimeout = 300), ("ConnectionStrings:school", "mongodb://127.0.0.1:1/school"));
        var report = await Check(host);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Equal("MongoDB did not answer before the check's deadline.", report.Entries["MongoDB.Driver"].Description);

        using var impatient = Build(
            builder => builder.AddKeyedMongoDBClient("school"), ("ConnectionStrings:school", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=300"));
        var entry = (await Check(impatient)).Entries["MongoDB.Driver_school"];
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.IsType<TimeoutException>(entry.Exception);
    }

    private static Task<HealthReport> Check(IHost host)
        => host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static ICollection<HealthCheckRegistration> Registrations(IHost host)
        => host.Services.GetService<IOptions<HealthCheckServiceOptions>>()?.Value.Registrations ?? [];

    private static IHost Build(Action<HostApplicationBuilder> configure, params (string Key, string? Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(configuration.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        configure(builder);
        return builder.Build();
    }
}
