using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>Who calls AWS, and where. In Lambda the variables are those of the function's role, valid for the life of the process.</summary>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken, string Region)
{
    /// <exception cref="ConfigurationException">A variable is missing.</exception>
    public static AwsCredentials FromEnvironment(Func<string, string?> variable) => new(
        Required(variable, "AWS_ACCESS_KEY_ID"),
        Required(variable, "AWS_SECRET_ACCESS_KEY"),
        variable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null,
        Required(variable, "AWS_REGION"));

    /// <summary>Without the secrets: a record would print them.</summary>
    public override string ToString() => $"{AccessKeyId} in {Region}";

    private static string Required(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value
        ? value
        : throw new ConfigurationException($"{name} is not set, and a secret is to be read from AWS: AWS Lambda sets it for a function's role.");
}
