namespace Aspire.MongoDB.Driver;

/// <summary>
/// How the client reaches a MongoDB deployment. Read from the configuration section <c>Aspire:MongoDB:Driver</c>, then
/// from <c>Aspire:MongoDB:Driver:{name}</c>, then from <c>ConnectionStrings:{name}</c>, then adjusted by code.
/// </summary>
public sealed class MongoDBSettings
{
    /// <summary>The connection string, <c>mongodb://…</c> or <c>mongodb+srv://…</c>. Needed by the time the client is first resolved.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether to leave out the health check. Default: <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>
    /// The deadline of the health check in milliseconds. Without one (or with zero or less) the check waits as long as the driver's
    /// own server selection does, 30 seconds unless the connection string says otherwise.
    /// </summary>
    public int? HealthCheckTimeout { get; set; }

    /// <summary>Whether to leave the driver's spans out of the OpenTelemetry traces. Default: <see langword="false"/>.</summary>
    public bool DisableTracing { get; set; }
}
