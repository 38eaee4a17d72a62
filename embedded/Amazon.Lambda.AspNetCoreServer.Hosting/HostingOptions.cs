using Amazon.Lambda.Core;

namespace Amazon.Lambda.AspNetCoreServer.Hosting;

/// <summary>How an ASP.NET Core application runs in AWS Lambda.</summary>
public class HostingOptions
{
    /// <summary>
    /// The serializer of events and responses. It has no effect here: both are read and written without intermediate objects.
    /// </summary>
    public ILambdaSerializer? Serializer { get; set; }

    /// <summary>How bodies are returned whose content type and content encoding are not registered. Default: as text.</summary>
    public ResponseContentEncoding DefaultResponseContentEncoding { get; set; } = ResponseContentEncoding.Default;

    /// <summary>Whether the answer to a request whose handling threw has the exception in its body. Default: no.</summary>
    public bool IncludeUnhandledExceptionDetailInResponse { get; set; }

    /// <summary>Host and port of the Runtime API.</summary>
    internal string? RuntimeApi { get; set; }

    internal Dictionary<string, ResponseContentEncoding> ContentTypeEncodings { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal Dictionary<string, ResponseContentEncoding> ContentEncodingEncodings { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets how bodies of a content type are returned.</summary>
    /// <param name="contentType">The media type without parameters, such as <c>image/png</c>. Null or empty does nothing.</param>
    /// <param name="encoding">Text or base64.</param>
    public void RegisterResponseContentEncodingForContentType(string contentType, ResponseContentEncoding encoding)
    {
        if (!string.IsNullOrEmpty(contentType))
        {
            ContentTypeEncodings[contentType] = encoding;
        }
    }

    /// <summary>Sets how bodies with a content encoding are returned.</summary>
    /// <param name="contentEncoding">The value of <c>Content-Encoding</c>, such as <c>gzip</c>. Null or empty does nothing.</param>
    /// <param name="encoding">Text or base64.</param>
    public void RegisterResponseContentEncodingForContentEncoding(string contentEncoding, ResponseContentEncoding encoding)
    {
        if (!string.IsNullOrEmpty(contentEncoding))
        {
            ContentEncodingEncodings[contentEncoding] = encoding;
        }
    }
}
