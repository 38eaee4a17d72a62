namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>One event for the function, as the Runtime API's <c>next</c> describes it in headers.</summary>
internal sealed class Invocation
{
    /// <summary><c>Lambda-Runtime-Aws-Request-Id</c>: names the invocation in the answer, and in the log.</summary>
    public required string RequestId { get; init; }

    /// <summary><c>Lambda-Runtime-Deadline-Ms</c>: when Lambda ends the environment.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary><c>Lambda-Runtime-Trace-Id</c>: the X-Ray trace; null when there is none.</summary>
    public string? TraceId { get; init; }

    /// <summary><c>Lambda-Runtime-Invoked-Function-Arn</c>: which version or alias was invoked; null when not told.</summary>
    public string? FunctionArn { get; init; }

    /// <summary><c>Lambda-Runtime-Client-Context</c>: JSON of the AWS Mobile SDK; null when there is none.</summary>
    public string? ClientContext { get; init; }

    /// <summary><c>Lambda-Runtime-Cognito-Identity</c>: JSON of the AWS Mobile SDK; null when there is none.</summary>
    public string? CognitoIdentity { get; init; }

    /// <summary><c>Lambda-Runtime-Aws-Tenant-Id</c>: null when the function has no tenant isolation.</summary>
    public string? TenantId { get; init; }
}
