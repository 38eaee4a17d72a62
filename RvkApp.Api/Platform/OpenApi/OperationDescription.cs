using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Platform.OpenApi;

/// <summary>What the description says about one endpoint beyond what its signature does.</summary>
internal static class OperationDescription
{
    private static readonly Dictionary<int, string> ResponseDescriptions = new()
    {
        [StatusCodes.Status200OK] = "Done.",
        [StatusCodes.Status201Created] = "Created.",
        [StatusCodes.Status204NoContent] = "Deleted.",
        [StatusCodes.Status400BadRequest] = "The request breaks a rule; `errors` has the messages by field.",
        [StatusCodes.Status401Unauthorized] = "Nobody is signed in, or the sign-in failed.",
        [StatusCodes.Status403Forbidden] = "The signed-in user may not do this.",
        [StatusCodes.Status404NotFound] = "It does not exist; `detail` names what is missing.",
        [StatusCodes.Status409Conflict] = "A value that has to be unique is taken.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is larger than 1 MiB.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not JSON.",
        [StatusCodes.Status429TooManyRequests] = "Too many failed sign-ins.",
        [StatusCodes.Status503ServiceUnavailable] = "MongoDB cannot be reached; try again.",
    };

    public static Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && context.Document is { } document)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(DocumentDescription.BearerScheme, document)] = [] }];
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            Describe(parameter);
        }

        var isList = operation.Parameters?.Any(parameter => parameter.Name == "page") == true;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            Describe(int.Parse(status, CultureInfo.InvariantCulture), (OpenApiResponse)response, isList);
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiParameter parameter)
    {
        switch (parameter.Name)
        {
            case RouteIds.Parameter:
                parameter.Description = "The id, 24 hex digits.";
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = RouteIds.Pattern, Examples = ["68b5538000000003000000c8"] };
                break;
            case "page":
                parameter.Description = "Which page, counted from 1.";
                parameter.Schema = Integer(Paging.FirstPage, null, Paging.FirstPage);
                break;
            case "limit":
                parameter.Description = "How many entries a page has.";
                parameter.Schema = Integer(1, Paging.MaximumLimit, Paging.DefaultLimit);
                break;
        }
    }

    private static void Describe(int status, OpenApiResponse response, bool isList)
    {
        response.Description = ResponseDescriptions.GetValueOrDefault(status, response.Description ?? "");
        switch (status)
        {
            case StatusCodes.Status200OK when isList:
                Header(response, Paging.TotalCountHeader, "How many entries there are on all pages.", JsonSchemaType.Integer);
                Header(response, "Link", "The first, previous, next and last page (RFC 8288).", JsonSchemaType.String);
                break;
            case StatusCodes.Status201Created:
                Header(response, "Location", "Where the new resource is.", JsonSchemaType.String);
                break;
            case StatusCodes.Status401Unauthorized:
                Header(response, "WWW-Authenticate", "How to authenticate.", JsonSchemaType.String);
                break;
            case StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable:
                Header(response, "Retry-After", "In how many seconds to try again.", JsonSchemaType.Integer);
                break;
        }
    }

    private static void Header(OpenApiResponse response, string name, string description, JsonSchemaType type)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        response.Headers[name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = type } };
    }

    private static OpenApiSchema Integer(int minimum, int? maximum, int defaultValue) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = minimum.ToString(CultureInfo.InvariantCulture),
        Maximum = maximum?.ToString(CultureInfo.InvariantCulture),
        Default = JsonValue.Create(defaultValue),
    };
}
