using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using RvkApp.Api.Platform.Http;

namespace RvkApp.Api.Platform.OpenApi;

/// <summary>What the description says about the API as a whole.</summary>
internal static class DocumentDescription
{
    public const string BearerScheme = "bearer";

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = ServiceResponse.ServiceName,
            Version = ServiceResponse.ServiceVersion,
            Description = "Students, teachers and courses. Sign in with POST /auth/login and send the token as `Authorization: Bearer …`. "
                + "Errors are problem details (RFC 9457); their `traceId` finds the request in the log and the traces.",
        };

        // Relative: the description is right wherever it is served from.
        document.Servers = [new OpenApiServer { Url = "/" }];

        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The token that POST /auth/login or POST /auth/register gives.",
        };

        AddProbe(document, Extensions.AlivePath, "GetAlive", "Whether the process answers", unavailable: null);
        AddProbe(document, Extensions.HealthPath, "GetHealth", "Whether the service can work: MongoDB answers", unavailable: "It cannot; `detail` names the failing checks.");
        return Task.CompletedTask;
    }

    // The framework's health endpoints are not described by themselves.
    private static void AddProbe(OpenApiDocument document, string path, string id, string summary, string? unavailable)
    {
        var operation = new OpenApiOperation
        {
            OperationId = id,
            Summary = summary,
            Tags = new HashSet<OpenApiTagReference> { new("Service", document) },
            Responses = new OpenApiResponses { ["200"] = new OpenApiResponse { Description = "It does." } },
        };
        if (unavailable is not null)
        {
            operation.Responses["503"] = new OpenApiResponse
            {
                Description = unavailable,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemResult.ContentType] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", document) },
                },
            };
        }

        document.Paths[path] = new OpenApiPathItem { Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Get] = operation } };
    }
}
