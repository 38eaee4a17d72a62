using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using RvkApp.Api.Auth;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Platform.Http;

/// <summary>What groups of endpoints have in common, said once on the group.</summary>
internal static class EndpointConventions
{
    /// <summary>The endpoints use the database: they wait for it, and answer 503 while it is away.</summary>
    public static RouteGroupBuilder UseDatabase(this RouteGroupBuilder group)
        => group.AddEndpointFilter<RouteGroupBuilder, DatabaseGateFilter>().WithMetadata(DatabaseMetadata.Instance);

    /// <summary>The endpoints are for users who are admins by their token and, asked at each request, by the database.</summary>
    public static RouteGroupBuilder RequireAdmin(this RouteGroupBuilder group)
        => group.RequireAuthorization(AuthSetup.AdminPolicy).WithMetadata(AdminMetadata.Instance);

    /// <summary>Adds to the description of each endpoint the errors that come from its conventions and not from its handler.</summary>
    public static RouteGroupBuilder DescribeCommonErrors(this RouteGroupBuilder group)
    {
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            var metadata = endpoint.Metadata;
            var hasBody = metadata.OfType<IAcceptsMetadata>().Any();
            var isPaged = metadata.OfType<MethodInfo>().Any(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(PageQuery)));
            var hasParameters = endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 };

            Add(StatusCodes.Status400BadRequest, hasBody || isPaged || hasParameters, typeof(HttpValidationProblemDetails));
            Add(StatusCodes.Status401Unauthorized, metadata.OfType<IAuthorizeData>().Any());
            Add(StatusCodes.Status403Forbidden, metadata.OfType<IAuthorizeData>().Any(data => data.Policy == AuthSetup.AdminPolicy));
            Add(StatusCodes.Status413PayloadTooLarge, hasBody);
            Add(StatusCodes.Status415UnsupportedMediaType, hasBody);
            Add(StatusCodes.Status503ServiceUnavailable, metadata.OfType<DatabaseMetadata>().Any());

            void Add(int status, bool applies, Type? type = null)
            {
                if (applies && !metadata.OfType<IProducesResponseTypeMetadata>().Any(response => response.StatusCode == status))
                {
                    metadata.Add(new ProducesResponseTypeMetadata(status, type ?? typeof(ProblemDetails), [ProblemResult.ContentType]));
                }
            }
        });
        return group;
    }
}

/// <summary>Marks an endpoint that uses the database, for the API description.</summary>
internal sealed class DatabaseMetadata
{
    public static readonly DatabaseMetadata Instance = new();
}
