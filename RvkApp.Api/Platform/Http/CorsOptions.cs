using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace RvkApp.Api.Platform.Http;

/// <summary>Section <c>Cors</c>: which web pages may call the API.</summary>
internal sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://school.example</c>. Default: none, so no page of another origin may.</summary>
    [Origins]
    public string[] Origins { get; set; } = [];
}

[OptionsValidator]
internal sealed partial class CorsOptionsValidator : IValidateOptions<CorsOptions>;

/// <summary>Every entry is a full origin: scheme, host and optional port, and never a wildcard.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OriginsAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        foreach (var origin in value as string[] ?? [])
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase))
            {
                return new ValidationResult(
                    $"Cors:Origins has '{origin}', which is not an origin: write scheme, host and port alone, for example https://school.example.");
            }
        }

        return ValidationResult.Success;
    }
}

internal static class CorsSetup
{
    /// <summary>Lets pages of the configured origins call the API. They send a bearer token, so credentials (cookies) stay off.</summary>
    public static void AddConfiguredCors(this IServiceCollection services)
    {
        services.AddCors();
        services.AddOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>().Configure<IOptions<CorsOptions>>((cors, configured) =>
            cors.AddDefaultPolicy(policy => policy
                .WithOrigins(configured.Value.Origins)
                .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete)
                .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.Accept, HeaderNames.TraceParent)
                .WithExposedHeaders(Paging.TotalCountHeader, HeaderNames.Link, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate)
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }
}
