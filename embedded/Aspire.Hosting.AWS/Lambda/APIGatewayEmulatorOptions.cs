using Aspire.Hosting.AWS.Lambda.Gateway;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>Settings of an API Gateway emulator's endpoints. Everything else is configuration: section <c>Embedded:ApiGateway</c>.</summary>
public class APIGatewayEmulatorOptions
{
    /// <summary>Creates options. Without an ASP.NET Core developer certificate on this machine there is no HTTPS endpoint.</summary>
    public APIGatewayEmulatorOptions() => DisableHttpsEndpoint = !DeveloperCertificate.Exists();

    /// <summary>The port of the HTTP endpoint, 1 to 65535; any free one when null.</summary>
    public int? HttpPort { get; set; }

    /// <summary>The port of the HTTPS endpoint, 1 to 65535; any free one when null.</summary>
    public int? HttpsPort { get; set; }

    /// <summary>Whether there is no HTTPS endpoint. True at first when this machine has no ASP.NET Core developer certificate (<c>dotnet dev-certs https</c> makes one).</summary>
    public bool DisableHttpsEndpoint { get; set; }
}
