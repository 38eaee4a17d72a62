using Microsoft.Extensions.Configuration;

namespace RvkApp.AppHost;

/// <summary>The settings of this app host, read and checked before the model is built. README.md lists them.</summary>
internal sealed class AppHostSettings
{
    /// <summary><c>Parameters:admin-email</c>: who signs in first.</summary>
    public required string AdminEmail { get; init; }

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
        reader.Choice("ApiHost", "project");
        reader.Choice("Embedded:Mongo", "embedded", "mongod", "container");
        var ports = new PortSettings(Api: reader.Port("Ports:Api", 5080), Mongo: reader.Port("Ports:Mongo", 27017));
        return new AppHostSettings
        {
            AdminEmail = reader.Text("Parameters:admin-email", "admin@school.local"),
            SeedDemo = reader.Switch("Seed:Demo", fallback: false),
            Ports = context.IsRunMode ? ports.Choose() : ports,
        };
    }
}
