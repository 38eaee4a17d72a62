using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>What runs behind a MongoDB resource: the value of <c>Embedded:Mongo</c>.</summary>
internal enum MongoEngine
{
    /// <summary>The MongoDB.Embedded server, as a child process.</summary>
    Embedded,

    /// <summary>The <c>mongod</c> on PATH, as a child process.</summary>
    Mongod,

    /// <summary>The container image, by docker or podman.</summary>
    Container,
}

/// <summary>The section <c>Embedded</c> of the app host's configuration, as far as MongoDB reads it.</summary>
/// <param name="Engine"><c>Embedded:Mongo</c>.</param>
/// <param name="VolumesPath"><c>Embedded:VolumesPath</c>: the directory that holds one directory for each named volume.</param>
internal sealed record LocalMongoOptions(MongoEngine Engine, string VolumesPath)
{
    public const string EngineKey = "Embedded:Mongo";
    public const string VolumesPathKey = "Embedded:VolumesPath";

    /// <summary>Reads the options.</summary>
    /// <param name="configuration">The app host's configuration.</param>
    /// <param name="appHostDirectory">What a relative path is relative to.</param>
    /// <exception cref="DistributedApplicationException">A value cannot be used.</exception>
    public static LocalMongoOptions Read(IConfiguration configuration, string appHostDirectory)
        => new(ReadEngine(configuration), ReadVolumesPath(configuration, appHostDirectory));

    private static MongoEngine ReadEngine(IConfiguration configuration) => configuration[EngineKey]?.Trim().ToLowerInvariant() switch
    {
        null or "" or "embedded" => MongoEngine.Embedded,
        "mongod" => MongoEngine.Mongod,
        "container" => MongoEngine.Container,
        _ => throw new DistributedApplicationException($"{EngineKey} is '{configuration[EngineKey]}': use 'embedded', 'mongod' or 'container'."),
    };

    private static string ReadVolumesPath(IConfiguration configuration, string appHostDirectory)
    {
        if (configuration[VolumesPathKey] is { Length: > 0 } configured)
        {
            return Path.GetFullPath(configured, appHostDirectory);
        }

        var path = new OrchestratorOptions().VolumesPath;
        return Path.IsPathFullyQualified(path)
            ? path
            : throw new DistributedApplicationException($"This user has no local application data folder to keep volumes in: set {VolumesPathKey} to a directory.");
    }
}
