using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Microsoft.AspNetCore.Mvc;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Api.Platform.Http;

/// <summary>Everything that goes over the wire as JSON, with its (de)serializer generated at compile time.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ServiceResponse))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(SignInResponse))]
[JsonSerializable(typeof(UserResponse))]
[JsonSerializable(typeof(CreateCourse))]
[JsonSerializable(typeof(UpdateCourse))]
[JsonSerializable(typeof(CourseResponse[]))]
[JsonSerializable(typeof(CreateStudent))]
[JsonSerializable(typeof(UpdateStudent))]
[JsonSerializable(typeof(StudentResponse[]))]
[JsonSerializable(typeof(CreateTeacher))]
[JsonSerializable(typeof(UpdateTeacher))]
[JsonSerializable(typeof(TeacherResponse[]))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(HttpValidationProblemDetails))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;

internal static class ApiJson
{
    /// <summary>Strict JSON: "5" is no number, a name occurs once, and null does not stand for a value.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.Strict;
        // Letters of every script as they are; what means something in HTML stays escaped.
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);
        options.AllowDuplicateProperties = false;
        options.TypeInfoResolverChain.Insert(0, ApiJsonContext.Default.WithAddedModifier(RejectNullInUpdates));
    }

    // An update names the fields to change. A field set to null would otherwise look like one that was left out.
    private static void RejectNullInUpdates(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(IPartialUpdate)))
        {
            return;
        }

        foreach (var property in type.Properties)
        {
            if (property.Set is { } set)
            {
                property.Set = (target, value) => set(target, value ?? throw new JsonException(null, $"$.{property.Name}", null, null));
            }
        }
    }
}

/// <summary>The body of an update: every field is optional, at least one is there, and none is null.</summary>
internal interface IPartialUpdate
{
    /// <summary>Whether the body names no field that can be changed.</summary>
    bool IsEmpty { get; }
}
