using System.Text;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>An answer that the gateway gives itself.</summary>
internal sealed class GatewayAnswer
{
    public static readonly GatewayAnswer BadRequest = new(400, "Bad Request", "BAD_REQUEST");
    public static readonly GatewayAnswer NotFound = new(404, "Not Found", "MISSING_ROUTE");
    public static readonly GatewayAnswer RequestTimeout = new(408, "Request Timeout", "REQUEST_TIMEOUT");
    public static readonly GatewayAnswer RequestTooLarge = new(413, "Request Entity Too Large", "REQUEST_TOO_LARGE");
    public static readonly GatewayAnswer UriTooLong = new(414, "Request-URI Too Long", "URI_TOO_LONG");
    public static readonly GatewayAnswer TooManyRequests = new(429, "Too Many Requests", "THROTTLED");
    public static readonly GatewayAnswer HeadersTooLarge = new(431, "Request Header Fields Too Large", "HEADERS_TOO_LARGE");
    public static readonly GatewayAnswer InternalServerError = new(500, "Internal Server Error", "INTEGRATION_FAILURE");
    public static readonly GatewayAnswer ServiceUnavailable = new(503, "Service Unavailable", "SERVICE_UNAVAILABLE");

    private GatewayAnswer(int status, string message, string kind)
    {
        Status = status;
        Message = message;
        Kind = kind;
        Body = Encoding.UTF8.GetBytes($$"""{"message":"{{message}}"}""");
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>The message.</summary>
    public string Message { get; }

    /// <summary>What kind of answer it is, for the access log (<c>$context.error.responseType</c>).</summary>
    public string Kind { get; }

    /// <summary>The body, JSON in UTF-8.</summary>
    public byte[] Body { get; }

    /// <summary>The answer to a request that Kestrel finds wrong while its body is read.</summary>
    public static GatewayAnswer ForBadRequest(int status) => status switch
    {
        408 => RequestTimeout,
        413 => RequestTooLarge,
        _ => BadRequest,
    };
}
