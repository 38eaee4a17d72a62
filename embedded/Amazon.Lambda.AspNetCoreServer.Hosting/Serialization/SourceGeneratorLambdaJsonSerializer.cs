using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.Serialization.SystemTextJson;

/// <summary>A serializer over the type information that System.Text.Json generates at compile time, which Native AOT needs.</summary>
/// <typeparam name="TSGContext">The generated context; it has to know each type that is read or written.</typeparam>
public class SourceGeneratorLambdaJsonSerializer<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSGContext> : ILambdaSerializer
    where TSGContext : JsonSerializerContext
{
    private readonly TSGContext _context;

    /// <summary>Uses the context with Lambda's naming: camel case, read without regard to case, nulls left out.</summary>
    /// <exception cref="InvalidOperationException">The context has no constructor that takes <see cref="JsonSerializerOptions"/>.</exception>
    public SourceGeneratorLambdaJsonSerializer() : this(null)
    {
    }

    /// <summary>Uses the context with Lambda's naming, which <paramref name="customizer"/> may change.</summary>
    /// <exception cref="InvalidOperationException">The context has no constructor that takes <see cref="JsonSerializerOptions"/>.</exception>
    public SourceGeneratorLambdaJsonSerializer(Action<JsonSerializerOptions>? customizer)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNameCaseInsensitive = true,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };
        customizer?.Invoke(options);
        var constructor = typeof(TSGContext).GetConstructor([typeof(JsonSerializerOptions)])
            ?? throw new InvalidOperationException($"{typeof(TSGContext)} has no public constructor that takes JsonSerializerOptions: let the System.Text.Json generator write it.");
        _context = (TSGContext)constructor.Invoke([options]);
    }

    /// <inheritdoc />
    /// <exception cref="JsonException">The text is not JSON of that type, or the context does not know the type.</exception>
    public T Deserialize<T>(Stream requestStream) => JsonSerializer.Deserialize(requestStream, TypeInfo<T>())!;

    /// <inheritdoc />
    /// <exception cref="JsonException">The context does not know the type.</exception>
    public void Serialize<T>(T response, Stream responseStream) => JsonSerializer.Serialize(responseStream, response, TypeInfo<T>());

    private JsonTypeInfo<T> TypeInfo<T>() => _context.GetTypeInfo(typeof(T)) as JsonTypeInfo<T>
        ?? throw new JsonException($"{typeof(TSGContext)} knows nothing of {typeof(T)}: add [JsonSerializable(typeof({typeof(T).Name}))] to it.");
}
