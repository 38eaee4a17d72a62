using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RvkApp.Api.Auth;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Platform.OpenApi;

/// <summary>Adds examples to the schemas, and to fields the rules that the validators enforce.</summary>
internal static class SchemaDescription
{
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonPropertyInfo is { } property)
        {
            Describe(schema, property);
        }
        else if (Examples.For(context.JsonTypeInfo.Type) is { } example)
        {
            schema.Examples = [example];
        }

        return Task.CompletedTask;
    }

    private static void Describe(OpenApiSchema schema, JsonPropertyInfo property)
    {
        if (property.DeclaringType.Assembly != typeof(SchemaDescription).Assembly)
        {
            return;
        }

        // Requests have setters for fields that may be absent; that does not mean that they may be null.
        var isRequest = property.Set is not null && !property.DeclaringType.Name.EndsWith("Response", StringComparison.Ordinal);
        if (isRequest)
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        switch (property.Name)
        {
            case "id" or "courseId":
                schema.Pattern = RouteIds.Pattern;
                break;
            case "role":
                schema.Enum = [JsonValue.Create(Roles.User), JsonValue.Create(Roles.Admin)];
                break;
            case "email":
                schema.Format = "email";
                schema.MaxLength = Fields.EmailMaximum;
                break;
            case "password":
                schema.Format = "password";
                break;
        }

        if (!isRequest || property.DeclaringType == typeof(SignInRequest))
        {
            return;
        }

        switch (property.Name)
        {
            case "username": Text(schema, Fields.Username); break;
            case "password": Text(schema, Fields.Password); break;
            case "name": Text(schema, Fields.Name); break;
            case "title": Text(schema, Fields.Title); break;
            case "code": Text(schema, Fields.Code); break;
            case "age": Number(schema, Fields.Age); break;
            case "credits": Number(schema, Fields.Credits); break;
        }
    }

    private static void Text(OpenApiSchema schema, TextField field) => (schema.MinLength, schema.MaxLength) = (field.Minimum, field.Maximum);

    private static void Number(OpenApiSchema schema, NumberField field)
    {
        schema.Minimum = field.Minimum.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = field.Maximum.ToString(CultureInfo.InvariantCulture);
    }
}
