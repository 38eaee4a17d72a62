using Microsoft.Extensions.Configuration;
using RvkApp.AppHost.Packaging;
using RvkApp.AppHost.Topology;

namespace RvkApp.AppHost;

/// <summary>What runs the API on this machine.</summary>
internal enum ApiHost
{
    /// <summary>AWS Lambda's emulator, behind API Gateway's: as in the cloud.</summary>
    Lambda,

    /// <summary>A process of its own that listens itself, by Kestrel.</summary>
    Project,
}

/// <summary>The settings of this app host, read and checked before the model is built. README.md lists them.</summary>
internal sealed class AppHostSettings
{
    /// <summary><c>Parameters:admin-email</c>: who signs in first.</summary>
    public required string AdminEmail { get; init; }

    /// <summary><c>ApiHost</c>: what runs the API; means nothing when publishing.</summary>
    public required ApiHost ApiHost { get; init; }

    /// <summary><c>Lambda:Package</c>: the package that runs as the function; <see langword="null"/> is what the build has made.</summary>
    public LambdaPackage? Package { get; init; }

    /// <summary>Section <c>Aws</c>, for what is the same here as in the cloud.</summary>
    public required TopologyOptions Cloud { get; init; }

    /// <summary><c>Ports</c>: the fixed ports.</summary>
    public required PortSettings Ports { get; init; }

    /// <summary><c>Seed:Demo</c>: whether the API fills an empty database with demo data.</summary>
    public required bool SeedDemo { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="configuration">The app host's configuration.</param>
    /// <param name="context">Whether the application runs, for then its ports have to be free.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="DistributedApplicationException">A setting cannot be used: which one, its value, and what it may be.</exception>
    public static AppHostSettings Read(IConfiguration configuration, DistributedApplicationExecutionContext context)
    {
        var reader = new SettingReader(configuration);
        reader.Choice("Embedded:Mongo", "embedded", "mongod", "container");
        var ports = new PortSettings(Api: reader.Port("Ports:Api", 5080), Mongo: reader.Port("Ports:Mongo", 27017), Dashboard: reader.Port("Ports:Dashboard", 18888), Otlp: reader.Port("Ports:Otlp", 4317));
        return new AppHostSettings
        {
            AdminEmail = reader.Text("Parameters:admin-email", "admin@school.local"),
            ApiHost = reader.Choice("ApiHost", "lambda", "project") == "lambda" ? ApiHost.Lambda : ApiHost.Project,
            Package = context.IsRunMode ? LambdaPackage.ChooseForRun(configuration) : null,
            Cloud = TopologyOptions.Read(configuration),
            SeedDemo = reader.Switch("Seed:Demo", fallback: false),
            Ports = context.IsRunMode ? ports.Choose() : ports,
        };
    }
}
