namespace Amazon.Lambda.Core;

/// <summary>
/// What a function may know about the invocation at hand and its environment
/// (https://docs.aws.amazon.com/lambda/latest/dg/csharp-context.html).
/// </summary>
public interface ILambdaContext
{
    /// <summary>The id of the invocation, which a retry keeps.</summary>
    string AwsRequestId { get; }

    /// <summary>What a mobile application told about itself; null when it told nothing.</summary>
    IClientContext? ClientContext { get; }

    /// <summary>The name of the function.</summary>
    string FunctionName { get; }

    /// <summary>The version that runs, such as <c>$LATEST</c>.</summary>
    string FunctionVersion { get; }

    /// <summary>The identity of Amazon Cognito that a mobile application invoked with; null when there is none.</summary>
    ICognitoIdentity? Identity { get; }

    /// <summary>The ARN that was invoked: the function's, a version's or an alias's.</summary>
    string InvokedFunctionArn { get; }

    /// <summary>Writes to the function's log.</summary>
    ILambdaLogger Logger { get; }

    /// <summary>The function's log group in CloudWatch; null when it has none.</summary>
    string? LogGroupName { get; }

    /// <summary>The environment's log stream in CloudWatch; null when it has none.</summary>
    string? LogStreamName { get; }

    /// <summary>The memory that the function is given, in MB.</summary>
    int MemoryLimitInMB { get; }

    /// <summary>How long it is until Lambda ends the invocation. Negative when that time has passed.</summary>
    TimeSpan RemainingTime { get; }

    /// <summary>The tenant of a function with tenant isolation; empty when there is none.</summary>
    string TenantId => "";

    /// <summary>The X-Ray trace of the invocation, as <c>Root=…;Parent=…;Sampled=…</c>; empty when there is none.</summary>
    string TraceId => "";

    /// <summary>The serializer that the function was registered with; null when there is none.</summary>
    ILambdaSerializer? Serializer => null;
}
