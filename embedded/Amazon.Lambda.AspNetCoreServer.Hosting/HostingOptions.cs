using Amazon.Lambda.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;

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

    /// <summary>
    /// Is called when the request was read, and may change it. Gets the event as well, whose type is that of the event source: <see cref="APIGatewayEvents.APIGatewayHttpApiV2ProxyRequest"/>,
    /// <see cref="APIGatewayEvents.APIGatewayProxyRequest"/> or <see cref="ApplicationLoadBalancerEvents.ApplicationLoadBalancerRequest"/>. What it throws fails the invocation.
    /// </summary>
    public Action<IHttpRequestFeature, object, ILambdaContext>? PostMarshallRequestFeature { get; set; }

    /// <summary>
    /// Is called before the response is returned, and may change it: <see cref="APIGatewayEvents.APIGatewayHttpApiV2ProxyResponse"/>, <see cref="APIGatewayEvents.APIGatewayProxyResponse"/>
    /// or <see cref="ApplicationLoadBalancerEvents.ApplicationLoadBalancerResponse"/>. What it throws fails the invocation.
    /// </summary>
    public Action<IHttpResponseFeature, object, ILambdaContext>? PostMarshallResponseFeature { get; set; }

    /// <summary>Is called when the client's address was found, and may change it; with the event, as <see cref="PostMarshallRequestFeature"/>.</summary>
    public Action<IHttpConnectionFeature, object, ILambdaContext>? PostMarshallConnectionFeature { get; set; }

    /// <summary>Is called when the user was found, and may change it; with the event, as <see cref="PostMarshallRequestFeature"/>.</summary>
    public Action<IHttpAuthenticationFeature, object, ILambdaContext>? PostMarshallHttpAuthenticationFeature { get; set; }

    /// <summary>Is called when the client's certificate was found or there is none, and may change it; with the event, as <see cref="PostMarshallRequestFeature"/>.</summary>
    public Action<ITlsConnectionFeature, object, ILambdaContext>? PostMarshallTlsConnectionFeature { get; set; }

    /// <summary>Is called when <c>HttpContext.Items</c> has the Lambda objects, and may change it; with the event, as <see cref="PostMarshallRequestFeature"/>.</summary>
    public Action<IItemsFeature, object, ILambdaContext>? PostMarshallItemsFeature { get; set; }

    /// <summary>What sends the requests.</summary>
    internal LambdaEventSource EventSource { get; set; }

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
