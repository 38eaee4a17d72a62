namespace Aspire.Hosting.AWS.Lambda;

/// <summary>Settings of the Lambda service emulator. Its limits come from the configuration, section <c>Embedded:Lambda</c>.</summary>
public class LambdaEmulatorOptions
{
    /// <summary>Without effect: nothing is installed.</summary>
    public bool DisableAutoInstall { get; set; }

    /// <summary>Without effect: nothing is installed.</summary>
    public string? OverrideMinimumInstallVersion { get; set; }

    /// <summary>Without effect: nothing is installed.</summary>
    public bool AllowDowngrade { get; set; }

    /// <summary>The port of the Runtime API and the Invoke API; any free one when null.</summary>
    public int? HttpPort { get; set; }

    /// <summary>Without effect: there is no web page, which is what this port is for.</summary>
    public int? HttpsPort { get; set; }

    /// <summary>Without effect: no requests are kept.</summary>
    public string? ConfigStoragePath { get; set; }

    /// <summary>Without effect: there is no HTTPS endpoint.</summary>
    public bool DisableHttpsEndpoint { get; set; }
}
