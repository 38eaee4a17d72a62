using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.MongoDB;
using Aspire.Hosting.MongoDB.Local;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds MongoDB to the application model.</summary>
public static class MongoDBBuilderExtensions
{
    // What a server in its container listens on; the port that others connect to is the endpoint's.
    private const int ContainerPort = 27017;

    /// <summary>Adds a MongoDB server with a generated password.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    /// <param name="port">The port on this machine, or <see langword="null"/> for any free one.</param>
    /// <returns>The server's builder.</returns>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port)
        => AddMongoDB(builder, name, port, userName: null, password: null);

    /// <summary>Adds a MongoDB server.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    /// <param name="port">The port on this machine, or <see langword="null"/> for any free one.</param>
    /// <param name="userName">The root user's name, or <see langword="null"/> for <c>admin</c>.</param>
    /// <param name="password">
    /// The root user's password, or <see langword="null"/> for the parameter <c>NAME-password</c>: what the configuration says, else the one that the volume was made with, else a new
    /// one of 22 letters and digits, which is kept in the user secrets and in the volume.
    /// </param>
    /// <returns>The server's builder.</returns>
    /// <exception cref="DistributedApplicationException"><c>Embedded:Mongo</c> or <c>Embedded:VolumesPath</c> cannot be used.</exception>
    public static IResourceBuilder<MongoDBServerResource> AddMongoDB(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var passwordParameter = password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(builder, $"{name}-password", special: false);
        var server = new MongoDBServerResource(name, userName?.Resource, passwordParameter);

        var resource = builder.AddResource(server)
            .WithEndpoint(port: port, targetPort: ContainerPort, name: MongoDBServerResource.PrimaryEndpointName)
            .WithImage(MongoDBContainerImageTags.Image, MongoDBContainerImageTags.Tag)
            .WithImageRegistry(MongoDBContainerImageTags.Registry)
            .WithIconName("DatabaseMultiple")
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables[LocalServer.UserNameVariable] = server.UserNameReference;
                context.EnvironmentVariables[LocalServer.PasswordVariable] = passwordParameter;
            });

        if (builder.ExecutionContext.IsRunMode)
        {
            var options = LocalMongoOptions.Read(builder.Configuration, builder.AppHostDirectory);
            if (options.Engine != MongoEngine.Container)
            {
                RunAsLocalProcess(resource, new LocalServer(server, options, passwordParameter.ConfigurationKey, passwordIsGenerated: password is null));
            }
        }

        AddHealthCheck(resource, server, databaseName: "admin");
        if (builder.ExecutionContext.IsRunMode)
        {
            AddTelemetry(resource);
        }

        return resource;
    }

    /// <summary>Adds a database to a server. MongoDB creates it with its first document.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The name of the resource, which is also the name of its connection string.</param>
    /// <param name="databaseName">The name of the database, or <see langword="null"/> for the resource's.</param>
    /// <returns>The database's builder.</returns>
    public static IResourceBuilder<MongoDBDatabaseResource> AddDatabase(this IResourceBuilder<MongoDBServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var database = new MongoDBDatabaseResource(name, databaseName ?? name, builder.Resource);
        var resource = builder.ApplicationBuilder.AddResource(database).WithIconName("Database");
        builder.Resource.AddDatabase(name, database.DatabaseName);
        return AddHealthCheck(resource, builder.Resource, database.DatabaseName);
    }

    /// <summary>Keeps the server's data in a named volume.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="name">The volume's name, or <see langword="null"/> for one made from the application's and the resource's names.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <returns>The server's builder.</returns>
    public static IResourceBuilder<MongoDBServerResource> WithDataVolume(this IResourceBuilder<MongoDBServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataDirectory.MountTarget, isReadOnly);
    }

    /// <summary>Keeps the server's data in a directory of this machine.</summary>
    /// <param name="builder">The server's builder.</param>
    /// <param name="source">The directory; a relative path starts at the app host's directory.</param>
    /// <param name="isReadOnly">Whether the server may only read it.</param>
    /// <returns>The server's builder.</returns>
    public static IResourceBuilder<MongoDBServerResource> WithDataBindMount(this IResourceBuilder<MongoDBServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithBindMount(source, DataDirectory.MountTarget, isReadOnly);
    }

    private static void RunAsLocalProcess(IResourceBuilder<MongoDBServerResource> resource, LocalServer local)
    {
        var server = resource.Resource;
        var password = server.PasswordParameter!;
        var builder = resource.ApplicationBuilder;
        if (local.PasswordIsGenerated)
        {
            password.Default = new VolumePassword(
                password.ConfigurationKey,
                server.UserNameParameter is null ? MongoDBServerResource.DefaultUserName : null,
                () => local.KeptDirectory,
                builder.UserSecretsManager,
                NewPassword());
        }

        // By factories, so that the container disposes what they make, after the orchestrator has stopped the process.
        builder.Services.AddKeyedSingleton(server.Name, (_, _) => local);
        builder.Services.AddKeyedSingleton(server.Name, (services, _) => new RefusedCredential(server, local, services));
        resource
            .WithEndpoint(MongoDBServerResource.PrimaryEndpointName, endpoint => endpoint.FallBackWhenPortTaken = true)
            .WithAnnotation(new LocalProcessAnnotation(context =>
            {
                var running = context.Services.GetRequiredKeyedService<LocalServer>(server.Name);
                var endpoint = context.Endpoints.Single(e => e.Endpoint.Name == MongoDBServerResource.PrimaryEndpointName);
                return Task.FromResult(running.Prepare(context.Environment, context.Arguments, endpoint.Port));
            }))
            .OnResourceReady(async (_, _, cancellationToken) =>
                local.Remember((await server.UserNameReference.GetValueAsync(cancellationToken))!, (await password.GetValueAsync(cancellationToken))!));
    }

    private static void AddTelemetry(IResourceBuilder<MongoDBServerResource> resource)
    {
        var server = resource.Resource;
        resource.ApplicationBuilder.Services.AddKeyedSingleton(server.Name, (services, _) =>
            new MongoDBTelemetry(server, services.GetRequiredKeyedService<MongoDBHealthCheck>(HealthCheckOf(server)), services));
        resource
            .OnResourceReady((_, ready, _) =>
            {
                ready.Services.GetRequiredKeyedService<MongoDBTelemetry>(server.Name).Begin();
                return Task.CompletedTask;
            })
            .OnResourceStopped((_, stopped, _) => stopped.Services.GetRequiredKeyedService<MongoDBTelemetry>(server.Name).EndAsync());
    }

    private static string HealthCheckOf(IResource resource) => $"{resource.Name}_check";

    // As long as the one that a container would get: 22 of these characters hold 128 bits.
    private static GenerateParameterDefault NewPassword() => new() { MinLength = 22, Special = false };

    private static IResourceBuilder<T> AddHealthCheck<T>(IResourceBuilder<T> resource, MongoDBServerResource server, string databaseName)
        where T : IResourceWithConnectionString
    {
        string? connectionString = null;
        var key = HealthCheckOf(resource.Resource);
        resource.OnConnectionStringAvailable(async (source, _, cancellationToken) =>
            connectionString = await source.GetConnectionStringAsync(cancellationToken)
                ?? throw new DistributedApplicationException($"The connection string of '{source.Name}' is available but empty."));

        // The check owns a client, so there is one for the whole run, and the container disposes it.
        var services = resource.ApplicationBuilder.Services;
        services.AddKeyedSingleton(key, (provider, _) =>
        {
            // Any check may be the one that is told of the refusal: then the driver lets nobody try for a while.
            var refused = provider.GetKeyedService<RefusedCredential>(server.Name);
            return new MongoDBHealthCheck(() => connectionString, databaseName, refused is null ? null : refused.HandleAsync);
        });
        services.AddHealthChecks().Add(new HealthCheckRegistration(key, provider => provider.GetRequiredKeyedService<MongoDBHealthCheck>(key), HealthStatus.Unhealthy, tags: null));
        return resource.WithHealthCheck(key);
    }
}
