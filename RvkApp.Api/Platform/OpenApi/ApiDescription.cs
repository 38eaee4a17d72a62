using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace RvkApp.Api.Platform.OpenApi;

/// <summary>The API's description (OpenAPI 3.1) at <c>/openapi/v1.json</c>, and an interactive reference made of it at <c>/api-docs</c>.</summary>
internal static class ApiDescription
{
    private const string DocumentName = "v1";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(DocumentName, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        options.AddOperationTransformer(OperationDescription.TransformAsync);
        options.AddSchemaTransformer(SchemaDescription.TransformAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/api-docs", options => options
            .WithTitle("RvkApp School Management API")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .AddDocument(DocumentName)
            // Everything the page needs comes from here; it works without the Internet and tells nobody that it was opened.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes(DocumentDescription.BearerScheme));
    }
}
