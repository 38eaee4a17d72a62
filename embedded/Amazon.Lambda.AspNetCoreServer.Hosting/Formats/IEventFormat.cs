using System.Text.Json;
using Amazon.Lambda.AspNetCoreServer.Hosting.Http;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Formats;

/// <summary>What one event source does its own way: how its requests are read, and which fields its responses have.</summary>
internal interface IEventFormat
{
    /// <summary>Fills a request that was reset, straight from the JSON.</summary>
    /// <exception cref="JsonException">The event is not JSON, or not of this format: what is wrong with it.</exception>
    void ReadRequest(ReadOnlySpan<byte> json, InvocationRequest request);

    /// <summary>Makes the public object of an event that <see cref="ReadRequest"/> has read, for an application that asks for it.</summary>
    object ReadRequestObject(ReadOnlySpan<byte> json);

    /// <summary>Writes the fields between <c>statusCode</c> and <c>body</c>.</summary>
    /// <param name="json">Is inside the response's object.</param>
    /// <param name="response">Status and headers.</param>
    /// <param name="request">What is answered.</param>
    void WriteHead(Utf8JsonWriter json, InvocationResponse response, InvocationRequest request);

    /// <summary>Makes the public object of a response, for an application that wants to change it.</summary>
    object CreateResponseObject(ResponseFields fields);

    /// <summary>Takes over what the application has made of the public object.</summary>
    ResponseFields ReadResponseObject(object response);
}
