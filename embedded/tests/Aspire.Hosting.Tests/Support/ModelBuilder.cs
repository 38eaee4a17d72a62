using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Hosting.Tests.Support;

/// <summary>Builders for tests of the model, where nothing is started.</summary>
internal static class ModelBuilder
{
    public static IDistributedApplicationTestingBuilder Run(params string[] args) => DistributedApplicationTestingBuilder.Create(args);

    public static IDistributedApplicationTestingBuilder Publish() => DistributedApplicationTestingBuilder.Create("--operation", "publish", "--step", "publish");

    /// <summary>A builder without the launch profile of the app host (there is none) but with configuration.</summary>
    public static IDistributedApplicationTestingBuilder With(params (string Key, string Value)[] configuration)
        => DistributedApplicationTestingBuilder.Create([.. configuration.Select(c => $"--{c.Key}={c.Value}")]);

    public static IResourceBuilder<ExecutableResource> AddProgram(this IDistributedApplicationBuilder builder, string name) => builder.AddExecutable(name, "program", ".");

    /// <summary>Gives an endpoint an address, as the orchestrator would.</summary>
    public static void Allocate(this IResourceBuilder<IResourceWithEndpoints> builder, string endpoint, int port)
    {
        var annotation = builder.Resource.Annotations.OfType<EndpointAnnotation>().Single(e => e.Name == endpoint);
        annotation.AllocatedEndpoint = new AllocatedEndpoint(annotation, "localhost", port, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    public static async Task<Dictionary<string, string>> EnvironmentOf(IResourceBuilder<IResourceWithEnvironment> builder, DistributedApplicationOperation operation = DistributedApplicationOperation.Run)
#pragma warning disable CS0618 // Reads the variables outside an application on purpose.
        => await builder.Resource.GetEnvironmentVariableValuesAsync(operation);
#pragma warning restore CS0618

    public static async Task<string[]> ArgumentsOf(IResourceBuilder<IResourceWithArgs> builder)
#pragma warning disable CS0618 // Reads the arguments outside an application on purpose.
        => await builder.Resource.GetArgumentValuesAsync();
#pragma warning restore CS0618
}

/// <summary>A server that is reached through a connection string.</summary>
internal sealed class StoreResource(string name) : ContainerResource(name), IResourceWithConnectionString
{
    public EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"store://{Endpoint.Property(EndpointProperty.HostAndPort)}");

    public IEnumerable<KeyValuePair<string, ReferenceExpression>> GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Host)}")),
        new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
    ];
}

/// <summary>Something that belongs to a <see cref="StoreResource"/>.</summary>
internal sealed class ShelfResource(string name, StoreResource parent) : Resource(name), IResourceWithParent<StoreResource>, IResourceWithConnectionString
{
    public StoreResource Parent { get; } = parent;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent}/{Name}");
}
