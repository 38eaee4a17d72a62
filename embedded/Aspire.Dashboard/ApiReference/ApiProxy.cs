using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Aspire.Dashboard.ApiReference;

/// <summary>
/// Passes requests of the API reference on to a resource, so that the reference may call it without the API allowing the dashboard's origin
/// (CORS), which it does not do in the cloud either. Nothing of the dashboard goes along, and nothing that comes back acts as the dashboard.
/// </summary>
internal sealed class ApiProxy(DistributedApplicationModel model) : IDisposable
{
    /// <summary>Below it: the resource's name, and the path that it is asked for.</summary>
    public const string Path = "/api/proxy";

    /// <summary>Where a redirect leads, which nobody follows.</summary>
    public const string RedirectHeader = "X-Redirect-Location";

    /// <summary>The largest body that is passed on, in bytes.</summary>
    public const int LargestBody = 1 << 20;

    // As long as API Gateway waits (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseCookies = false,
        AllowAutoRedirect = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    /// <summary>Where a resource listens for HTTP; null when it does not, or not yet.</summary>
    public static Uri? AddressOf(IResource resource) => resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => endpoint.UriScheme == Uri.UriSchemeHttp && endpoint.AllocatedEndpoint is not null)?.AllocatedEndpoint is { } allocated
        ? new Uri(allocated.UriString)
        : null;

    /// <summary>Asks a resource itself, for the dashboard.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken) => _client.SendAsync(message, cancellationToken);

    /// <summary>Passes a request on and its answer back.</summary>
    /// <param name="context">The request.</param>
    /// <param name="resource">The name of a resource of the model.</param>
    public async Task ForwardAsync(HttpContext context, string resource)
    {
        // For scripts that ask, not as a page, script, frame or worker of this origin.
        if (context.Request.Headers["Sec-Fetch-Dest"].ToString() is not ("" or "empty"))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "This address is for the API reference. Open the resource's own address in the browser.");
            return;
        }

        if (model.Resources.FirstOrDefault(r => string.Equals(r.Name, resource, StringComparison.OrdinalIgnoreCase)) is not { } known)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"There is no resource '{resource}'.");
            return;
        }

        if (AddressOf(known) is not { } address || Target(context, address, resource) is not { } target)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"The resource '{known.Name}' has no HTTP endpoint that listens. Has it been started?");
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(Timeout);
        try
        {
            using var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), target);
            if (!await CopyBodyAsync(context, message, deadline.Token))
            {
                await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"The body is larger than {LargestBody} bytes, which is what the dashboard passes on. Call {target.GetLeftPart(UriPartial.Authority)} directly.");
                return;
            }

            ProxyHeaders.CopyRequest(context.Request.Headers, message);
            using var response = await _client.SendAsync(message, deadline.Token);
            context.Response.StatusCode = (int)response.StatusCode;
            ProxyHeaders.CopyResponse(response, context.Response.Headers);
            await response.Content.CopyToAsync(context.Response.Body, deadline.Token);
        }
        catch (HttpRequestException exception) when (!context.Response.HasStarted)
        {
            var reason = exception.InnerException is SocketException socket ? socket.Message : exception.Message;
            await RefuseAsync(context, StatusCodes.Status502BadGateway, $"The resource '{known.Name}' does not answer at {target.GetLeftPart(UriPartial.Authority)}: {reason}");
        }
        catch (OperationCanceledException) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await RefuseAsync(context, StatusCodes.Status504GatewayTimeout, $"The resource '{known.Name}' did not answer within {Timeout.TotalSeconds:0} s.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // The half of an answer that was sent must not look like a whole one.
            context.Abort();
        }
    }

    public void Dispose() => _client.Dispose();

    // As the client wrote it: what is decoded and encoded again may be another path.
    private static Uri? Target(HttpContext context, Uri address, string resource)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var prefix = $"{Path}/{resource}";
        if (!raw.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = raw[prefix.Length..];
        var target = new Uri(address.GetLeftPart(UriPartial.Authority) + (rest is ['/', ..] ? rest : "/" + rest), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        return target.Authority == address.Authority ? target : null;
    }

    private static async Task<bool> CopyBodyAsync(HttpContext context, HttpRequestMessage message, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return true;
        }

        using var body = new MemoryStream();
        try
        {
            // Kestrel stops at the limit of the server, which is this one (DashboardServer).
            await context.Request.Body.CopyToAsync(body, cancellationToken);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return false;
        }

        message.Content = new ByteArrayContent(body.ToArray());
        return true;
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
        => TypedResults.Problem(why, statusCode: status).ExecuteAsync(context);
}
