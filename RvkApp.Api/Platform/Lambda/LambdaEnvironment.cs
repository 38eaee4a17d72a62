namespace RvkApp.Api.Platform.Lambda;

/// <summary>What AWS Lambda tells a function through environment variables.</summary>
internal static class LambdaEnvironment
{
    /// <summary>Whether the process is a Lambda function: one request at a time, frozen in between, and one of many like it.</summary>
    public static bool IsLambda { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("AWS_LAMBDA_FUNCTION_NAME"));

    /// <summary>Host and port of the Runtime API; null outside of Lambda.</summary>
    public static string? RuntimeApi => Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API");
}
