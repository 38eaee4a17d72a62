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

    /// <summary>Sets a header's value.</summary>
    /// <param name="headerName">The header.</param>
    /// <param name="value">The value.</param>
    /// <param name="append">Whether it is added to what the header has, after a comma.</param>
    public void SetHeaderValues(string headerName, string value, bool append) => SetHeaderValues(headerName, [value], append);

    /// <summary>Sets a header's values, joined by commas.</summary>
    /// <param name="headerName">The header.</param>
    /// <param name="values">The values.</param>
    /// <param name="append">Whether they are added to what the header has, after a comma.</param>
    public void SetHeaderValues(string headerName, IEnumerable<string> values, bool append)
    {
        Headers ??= new Dictionary<string, string>();
        var joined = string.Join(',', values);
        Headers[headerName] = append && Headers.TryGetValue(headerName, out var present) ? $"{present},{joined}" : joined;
    }

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
