using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>A service that somebody else runs.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>Creates a resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="uri">The URL: absolute http or https, ending with a slash, without query and fragment.</param>
    public ExternalServiceResource(string name, Uri uri) : base(name)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = Checked(name, uri);
    }

    /// <summary>Creates a resource.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="urlParameter">The parameter that has the URL.</param>
    public ExternalServiceResource(string name, ParameterResource urlParameter) : base(name)
        => UrlParameter = urlParameter ?? throw new ArgumentNullException(nameof(urlParameter));

    /// <summary>The URL, when it is fixed.</summary>
    public Uri? Uri { get; }

    /// <summary>The parameter that has the URL, when it is not.</summary>
    public ParameterResource? UrlParameter { get; }

    internal object UrlValue => (object?)UrlParameter ?? Uri!.ToString();

    internal async ValueTask<Uri> ResolveUriAsync(CancellationToken cancellationToken)
    {
        if (Uri is not null)
        {
            return Uri;
        }

        var text = await UrlParameter!.GetValueAsync(cancellationToken);
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? Checked(Name, uri)
            : throw new DistributedApplicationException($"Parameter '{UrlParameter.Name}' is not a URL, which external service '{Name}' needs.");
    }

    private static Uri Checked(string name, Uri uri)
        => uri.IsAbsoluteUri && uri.Scheme is "http" or "https" && uri.AbsolutePath.EndsWith('/') && uri.Query.Length == 0 && uri.Fragment.Length == 0
            ? uri
            : throw new ArgumentException($"The URL '{uri}' of external service '{name}' must be an absolute http or https URL that ends with a slash, without query and fragment.", nameof(uri));
}

/// <summary>Adds services that somebody else runs.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="url">The URL.</param>
    /// <returns>The service's builder.</returns>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, [ResourceName] string name, string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? builder.AddExternalService(name, uri)
            : throw new ArgumentException($"The URL '{url}' of external service '{name}' is not absolute.", nameof(url));
    }

    /// <summary>Adds a service.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="uri">The URL.</param>
    /// <returns>The service's builder.</returns>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, [ResourceName] string name, Uri uri)
        => Add(builder, new ExternalServiceResource(name, uri));

    /// <summary>Adds a service.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The name.</param>
    /// <param name="urlParameter">The parameter that has the URL.</param>
    /// <returns>The service's builder.</returns>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(this IDistributedApplicationBuilder builder, [ResourceName] string name, IResourceBuilder<ParameterResource> urlParameter)
    {
        ArgumentNullException.ThrowIfNull(urlParameter);
        return Add(builder, new ExternalServiceResource(name, urlParameter.Resource)).WithReferenceRelationship(urlParameter.Resource);
    }

    /// <summary>Makes the answer to an HTTP request decide about the service's health.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="path">The path to request, relative to the URL; none when null.</param>
    /// <param name="statusCode">The status that means healthy; 200 when null.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<ExternalServiceResource> WithHttpHealthCheck(this IResourceBuilder<ExternalServiceResource> builder, string? path = null, int? statusCode = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var service = builder.Resource;
        var expected = statusCode ?? 200;
        var key = $"{service.Name}_external_{path}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new HttpHealthCheck(
                services.GetRequiredService<IHttpClientFactory>(),
                async cancellationToken => new Uri(await service.ResolveUriAsync(cancellationToken), path ?? ""),
                expected),
            failureStatus: null,
            tags: null,
            timeout: HttpHealthCheck.Timeout));
        return builder.WithHealthCheck(key);
    }

    private static IResourceBuilder<ExternalServiceResource> Add(IDistributedApplicationBuilder builder, ExternalServiceResource service)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddResource(service).ExcludeFromManifest().WithInitialState(new CustomResourceSnapshot
        {
            ResourceType = ResourceTypes.ExternalService,
            Properties = [],
            State = KnownResourceStates.NotStarted,
        });
    }
}
