namespace RvkApp.Api.Platform.Http;

/// <summary>A bounded queue is full: the request is turned away with 503 instead of waiting without end.</summary>
internal sealed class ServiceBusyException(string message) : Exception(message);
