using System.Net;
using Aspire.Dashboard.Resources;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.ApiReference;

/// <summary>Finds the resources that describe their API with OpenAPI.</summary>
internal sealed class ApiDescriptions(ApiProxy proxy)
{
    /// <summary>The name that ASP.NET Core gives a document unless told otherwise.</summary>
    public const string DocumentName = "v1";

    /// <summary>Where ASP.NET Core serves it unless told otherwise.</summary>
    public const string DocumentPath = $"/openapi/{DocumentName}.json";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>Whether a resource says in the model that it has a reference: by a URL that ends with <c>/api-docs</c>.</summary>
    public static bool IsAnnounced(ResourceView resource)
        => resource.AllUrls.Any(url => Uri.TryCreate(url.Url, UriKind.Absolute, out var address) && address.AbsolutePath.TrimEnd('/').EndsWith("/api-docs", StringComparison.OrdinalIgnoreCase));

    /// <summary>The resources that may have one: those with an endpoint for HTTP, the announced ones first.</summary>
    public static IReadOnlyList<ResourceView> Candidates(IEnumerable<ResourceView> resources)
        => [.. resources.Where(resource => !resource.Snapshot.IsHidden && resource.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.UriScheme == Uri.UriSchemeHttp)).OrderByDescending(IsAnnounced)];

    /// <summary>Whether a resource runs.</summary>
    public static bool IsRunning(ResourceView resource) => resource.Snapshot.State?.Text == KnownResourceStates.Running;

    /// <summary>Asks a resource whether it has a description.</summary>
    /// <returns>Whether it has; null when it cannot be asked yet.</returns>
    public async Task<bool?> AskAsync(ResourceView resource, CancellationToken cancellationToken)
    {
        if (!IsRunning(resource) || ApiProxy.AddressOf(resource.Resource) is not { } address)
        {
            return null;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, DocumentPath));
            using var response = await proxy.SendAsync(request, deadline.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true,
                // It starts, or is overloaded: it does not say that there is none.
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests => null,
                _ => false,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
