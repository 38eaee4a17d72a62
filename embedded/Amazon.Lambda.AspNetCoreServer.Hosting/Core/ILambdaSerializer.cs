namespace Amazon.Lambda.Core;

/// <summary>Converts between the JSON of an event or a response and .NET objects.</summary>
public interface ILambdaSerializer
{
    /// <summary>Reads an object of type <typeparamref name="T"/> from a stream of JSON.</summary>
    T Deserialize<T>(Stream requestStream);

    /// <summary>Writes an object as JSON.</summary>
    void Serialize<T>(T response, Stream responseStream);
}
