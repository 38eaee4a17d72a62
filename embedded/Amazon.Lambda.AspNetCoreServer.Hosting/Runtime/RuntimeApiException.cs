namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>The Lambda Runtime API cannot be used any more: the process has to end, and Lambda starts another.</summary>
internal sealed class RuntimeApiException(string message, Exception? inner = null) : Exception(message, inner);
