namespace RvkApp.AppHost.Topology;

/// <summary>What pages of the allowed origins (<c>Aws:CorsOrigins</c>) may do, in the cloud and on this machine. A class of its own, so that a local run loads nothing of the CDK.</summary>
internal static class CorsRules
{
    /// <summary>The methods that they may use.</summary>
    public static string[] Methods { get; } = ["GET", "POST", "PUT", "DELETE"];

    /// <summary>The headers that they may send.</summary>
    public static string[] Headers { get; } = ["authorization", "content-type", "accept", "traceparent"];

    /// <summary>The headers of an answer that they may read.</summary>
    public static string[] ExposedHeaders { get; } = ["x-total-count", "link", "location", "retry-after", "www-authenticate"];

    /// <summary>How many seconds a browser may remember all this.</summary>
    public const int MaxAge = 600;
}
