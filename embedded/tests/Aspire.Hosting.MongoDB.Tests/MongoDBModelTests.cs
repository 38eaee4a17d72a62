using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.MongoDB.Tests;

/// <summary>What the calls put into the model.</summary>
public class MongoDBModelTests
{
    private static IDistributedApplicationBuilder NewBuilder(params string[] args) => DistributedApplication.CreateBuilder([.. args, "--Embedded:VolumesPath=/nowhere"]);

    [Fact]
    public void A_server_is_a_container_with_one_tcp_endpoint()
    {
        var server = NewBuilder().AddMongoDB("mongo").Resource;

        var endpoint = Assert.Single(server.Annotations.OfType<EndpointAnnotation>());
        Assert.Equal("tcp", endpoint.Name);
        Assert.Equal("tcp", endpoint.UriScheme);
        Assert.Equal("tcp", endpoint.Transport);
        Assert.Equal(ProtocolType.Tcp, endpoint.Protocol);
        Assert.Equal(27017, endpoint.TargetPort);
        Assert.Null(endpoint.Port);
        Assert.False(endpoint.IsExternal);
        var image = Assert.Single(server.Annotations.OfType<ContainerImageAnnotation>());
        Assert.Equal(("docker.io", "library/mongo", "8.3"), (image.Registry, image.Image, image.Tag));
    }

    [Fact]
    public void A_server_can_have_a_fixed_port()
    {
        var builder = NewBuilder();

        Assert.Equal(9813, builder.AddMongoDB("a", 9813).Resource.Annotations.OfType<EndpointAnnotation>().Single().Port);
        Assert.Equal(9814, builder.AddMongoDB("b", port: 9814, userName: null).Resource.Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    [Fact]
    public void Server_and_database_have_a_health_check_of_their_name()
    {
        var mongo = NewBuilder().AddMongoDB("mongo");
        var school = mongo.AddDatabase("school");

        Assert.Equal("mongo_check", Assert.Single(mongo.Resource.Annotations.OfType<HealthCheckAnnotation>()).Key);
        Assert.Equal("school_check", Assert.Single(school.Resource.Annotations.OfType<HealthCheckAnnotation>()).Key);
    }

    [Fact]
    public void A_database_is_a_child_of_its_server()
    {
        var mongo = NewBuilder().AddMongoDB("mongo");
        var school = mongo.AddDatabase("school", "School2026");

        Assert.Same(mongo.Resource, school.Resource.Parent);
        Assert.Equal("School2026", school.Resource.DatabaseName);
        Assert.Equal("School2026", mongo.Resource.Databases["school"]);
        Assert.Equal("other", mongo.AddDatabase("other").Resource.DatabaseName);
    }

    [Fact]
    public void Two_databases_of_one_name_are_refused()
    {
        var builder = NewBuilder();
        builder.AddMongoDB("one").AddDatabase("db");

        Assert.Throws<DistributedApplicationException>(() => builder.AddMongoDB("two").AddDatabase("db"));
    }

    [Fact]
    public async Task Connection_strings_name_user_password_endpoint_and_database()
    {
        var builder = NewBuilder("--Parameters:mongo-password=p@ss/word:1");
        var mongo = builder.AddMongoDB("mongo").WithEndpoint("tcp", e => e.AllocatedEndpoint = new AllocatedEndpoint(e, "localhost", 27099));
        var school = mongo.AddDatabase("school", "my#db");

        Assert.Equal("mongodb://admin:p%40ss%2Fword%3A1@localhost:27099/?authSource=admin&authMechanism=SCRAM-SHA-256", await ConnectionString(mongo.Resource));
        Assert.Equal("mongodb://admin:p%40ss%2Fword%3A1@localhost:27099/my%23db?authSource=admin&authMechanism=SCRAM-SHA-256", await ConnectionString(school.Resource));
        Assert.Equal("mongodb://admin:{mongo-password.value}@{mongo.bindings.tcp.host}:{mongo.bindings.tcp.port}/?authSource=admin&authMechanism=SCRAM-SHA-256", mongo.Resource.ConnectionStringExpression.ValueExpression);
        Assert.Equal("mongodb://admin:{mongo-password.value}@{mongo.bindings.tcp.host}:{mongo.bindings.tcp.port}/my%23db?authSource=admin&authMechanism=SCRAM-SHA-256", school.Resource.UriExpression.ValueExpression);

        static ValueTask<string?> ConnectionString(IResourceWithConnectionString resource) => resource.GetConnectionStringAsync();
    }

    [Fact]
    public async Task Own_parameters_take_the_place_of_the_generated_ones()
    {
        var builder = NewBuilder("--Parameters:user=some#user", "--Parameters:pw=secret");
        var mongo = builder.AddMongoDB("mongo", userName: builder.AddParameter("user"), password: builder.AddParameter("pw", secret: true))
            .WithEndpoint("tcp", e => e.AllocatedEndpoint = new AllocatedEndpoint(e, "localhost", 27099));

        Assert.Equal("mongodb://some%23user:secret@localhost:27099/?authSource=admin&authMechanism=SCRAM-SHA-256", await mongo.Resource.ConnectionStringExpression.GetValueAsync(TestContext.Current.CancellationToken));
        Assert.Equal("{user.value}", mongo.Resource.UserNameReference.ValueExpression);
    }

    [Fact]
    public void A_server_without_a_password_has_no_credential_in_its_connection_string()
    {
        var server = new MongoDBServerResource("mongo");

        Assert.Equal("mongodb://{mongo.bindings.tcp.host}:{mongo.bindings.tcp.port}", server.ConnectionStringExpression.ValueExpression);
        Assert.Equal(["Host", "Port", "Username", "Uri"], Properties(server).Select(p => p.Key));
    }

    [Fact]
    public void Connection_properties_are_those_of_the_server_and_the_database()
    {
        var mongo = NewBuilder().AddMongoDB("mongo");
        var school = mongo.AddDatabase("school");

        var server = Properties(mongo.Resource).ToDictionary(p => p.Key, p => p.Value.ValueExpression);
        Assert.Equal("{mongo.bindings.tcp.host}", server["Host"]);
        Assert.Equal("{mongo.bindings.tcp.port}", server["Port"]);
        Assert.Equal("admin", server["Username"]);
        Assert.Equal("{mongo-password.value}", server["Password"]);
        Assert.Equal("admin", server["AuthenticationDatabase"]);
        Assert.Equal("SCRAM-SHA-256", server["AuthenticationMechanism"]);
        Assert.Equal(mongo.Resource.UriExpression.ValueExpression, server["Uri"]);
        Assert.Equal(7, server.Count);

        var database = Properties(school.Resource).ToDictionary(p => p.Key, p => p.Value.ValueExpression);
        Assert.Equal("school", database["DatabaseName"]);
        Assert.Equal(school.Resource.UriExpression.ValueExpression, database["Uri"]);
        Assert.Equal(8, database.Count);
    }

    [Fact]
    public async Task A_reference_gives_the_connection_string_and_its_parts_as_environment_variables()
    {
        var builder = NewBuilder("--Parameters:mongo-password=secret");
        var school = builder.AddMongoDB("mongo").WithEndpoint("tcp", e => e.AllocatedEndpoint = new AllocatedEndpoint(e, "localhost", 27099)).AddDatabase("school");
        var app = builder.AddExecutable("app", "app", ".").WithReference(school);

        var variables = await EnvironmentOf(app.Resource, builder);

        const string Address = "mongodb://admin:secret@localhost:27099/school?authSource=admin&authMechanism=SCRAM-SHA-256";
        Assert.Equal(Address, variables["ConnectionStrings__school"]);
        Assert.Equal("localhost", variables["SCHOOL_HOST"]);
        Assert.Equal("27099", variables["SCHOOL_PORT"]);
        Assert.Equal("admin", variables["SCHOOL_USERNAME"]);
        Assert.Equal("secret", variables["SCHOOL_PASSWORD"]);
        Assert.Equal("admin", variables["SCHOOL_AUTHENTICATIONDATABASE"]);
        Assert.Equal("SCRAM-SHA-256", variables["SCHOOL_AUTHENTICATIONMECHANISM"]);
        Assert.Equal(Address, variables["SCHOOL_URI"]);
        Assert.Equal("school", variables["SCHOOL_DATABASENAME"]);
    }

    [Fact]
    public void Volumes_and_bind_mounts_take_the_place_of_the_data_directory()
    {
        var builder = NewBuilder();

        var volume = Mount(builder.AddMongoDB("a").WithDataVolume("my-data").Resource);
        Assert.Equal((ContainerMountType.Volume, "my-data", "/data/db", false), (volume.Type, volume.Source, volume.Target, volume.IsReadOnly));

        var unnamed = Mount(builder.AddMongoDB("b").WithDataVolume().Resource);
        Assert.EndsWith("-b-data", unnamed.Source, StringComparison.Ordinal);

        var bind = Mount(builder.AddMongoDB("c").WithDataBindMount("data").Resource);
        Assert.Equal((ContainerMountType.BindMount, Path.Combine(builder.AppHostDirectory, "data"), "/data/db"), (bind.Type, bind.Source, bind.Target));

        static ContainerMountAnnotation Mount(IResource resource) => Assert.Single(resource.Annotations.OfType<ContainerMountAnnotation>());
    }

    [Theory]
    [InlineData("mongo-db")]
    [InlineData("EMBEDDED2")]
    public void An_unknown_engine_is_refused_by_name(string engine)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => NewBuilder($"--Embedded:Mongo={engine}").AddMongoDB("mongo"));

        Assert.Contains($"'{engine}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'embedded', 'mongod' or 'container'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        var builder = NewBuilder();
        var mongo = builder.AddMongoDB("mongo");

        Assert.Throws<ArgumentNullException>(() => ((IDistributedApplicationBuilder)null!).AddMongoDB("mongo"));
        Assert.Throws<ArgumentException>(() => builder.AddMongoDB(string.Empty));
        Assert.Throws<ArgumentException>(() => mongo.AddDatabase(string.Empty));
        Assert.Throws<ArgumentException>(() => mongo.AddDatabase("db", string.Empty));
        Assert.Throws<ArgumentException>(() => mongo.WithDataBindMount(string.Empty));
        Assert.Throws<ArgumentNullException>(() => new MongoDBDatabaseResource("db", "db", null!));
    }

    private static IEnumerable<KeyValuePair<string, ReferenceExpression>> Properties(IResourceWithConnectionString resource) => resource.GetConnectionProperties();

    private static async Task<Dictionary<string, string?>> EnvironmentOf(ExecutableResource resource, IDistributedApplicationBuilder builder)
    {
        var context = new EnvironmentCallbackContext(builder.ExecutionContext, resource, [], TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var values = new Dictionary<string, string?>();
        foreach (var (name, value) in context.EnvironmentVariables)
        {
            values[name] = value is IValueProvider provider ? await provider.GetValueAsync(TestContext.Current.CancellationToken) : value.ToString();
        }

        return values;
    }
}
