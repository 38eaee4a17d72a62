namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>One event for the function, as the Runtime API's <c>next</c> describes it in headers.</summary>
/// <param name="RequestId"><c>Lambda-Runtime-Aws-Request-Id</c>: names the invocation in the answer, and in the log.</param>
/// <param name="Deadline"><c>Lambda-Runtime-Deadline-Ms</c>: when Lambda ends the environment.</param>
/// <param name="TraceId"><c>Lambda-Runtime-Trace-Id</c>: the X-Ray trace; null when there is none.</param>
/// <param name="FunctionArn"><c>Lambda-Runtime-Invoked-Function-Arn</c>: which version or alias was invoked; null when not told.</param>
internal readonly record struct Invocation(string RequestId, DateTimeOffset Deadline, string? TraceId, string? FunctionArn);
