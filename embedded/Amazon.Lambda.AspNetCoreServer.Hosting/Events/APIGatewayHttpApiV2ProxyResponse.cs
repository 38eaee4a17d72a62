using System.Text.Json.Serialization;

namespace Amazon.Lambda.APIGatewayEvents;

/// <summary>An answer as an API Gateway HTTP API takes it from a function (payload format 2.0).</summary>
#pragma warning disable CA1819, CA2227 // the shape is the package's
public class APIGatewayHttpApiV2ProxyResponse
{
    /// <summary>The HTTP status.</summary>
    [JsonPropertyName("statusCode")]
    public int StatusCode { get; set; }

    /// <summary>The headers; several values of one are joined by commas.</summary>
    [JsonPropertyName("headers")]
    public IDictionary<string, string>? Headers { get; set; }

    /// <summary>The values of <c>Set-Cookie</c>, which cannot be joined.</summary>
    [JsonPropertyName("cookies")]
    public string[]? Cookies { get; set; }

    /// <summary>The body, as text or in base64.</summary>
    [JsonPropertyName("body")]
    public string? Body { get; set; }

    /// <summary>Whether <see cref="Body"/> is in base64.</summary>
    [JsonPropertyName("isBase64Encoded")]
    public bool IsBase64Encoded { get; set; }
}
