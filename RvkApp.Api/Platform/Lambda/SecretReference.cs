using System.Buffers;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>A setting whose value is a secret's name or ARN in AWS Secrets Manager, never the secret.</summary>
/// <param name="Setting">The setting, <c>Secrets:MongoPassword</c>.</param>
/// <param name="SecretName">The secret's name.</param>
internal sealed record SecretReference(string Setting, string SecretName)
{
    /// <summary>
    /// Parameter Store passes parameters below this path on to Secrets Manager, so that one call reads several secrets
    /// (https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html).
    /// </summary>
    public const string ParameterPath = "/aws/reference/secretsmanager/";

    // arn:aws:secretsmanager:us-east-2:123456789012:secret:NAME-AbCdEf
    private const int ArnParts = 7;
    private const int SuffixLength = 7;

    private static readonly SearchValues<char> SuffixCharacters = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>The parameter that stands for the secret.</summary>
    public string Parameter => ParameterPath + SecretName;

    /// <summary>Reads a setting; null when it is not set.</summary>
    /// <exception cref="ConfigurationException">It is an ARN, but not one of a secret.</exception>
    public static SecretReference? Read(IConfiguration configuration, string setting)
    {
        var value = configuration[setting]?.Trim();
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        return value.StartsWith("arn:", StringComparison.Ordinal)
            ? new SecretReference(setting, NameInArn(value) ?? throw new ConfigurationException(
                $"{setting} is '{value}', which is not the ARN of a secret: use arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX, or the secret's name."))
            : new SecretReference(setting, value);
    }

    // Secrets Manager appends a hyphen and six characters to a secret's name to make its ARN.
    private static string? NameInArn(string arn)
    {
        var parts = arn.Split(':', ArnParts);
        if (parts is not [_, _, "secretsmanager", _, _, "secret", { Length: > 0 } name])
        {
            return null;
        }

        if (name.Length <= SuffixLength)
        {
            return name;
        }

        var suffix = name.AsSpan(name.Length - SuffixLength);
        return suffix[0] == '-' && suffix[1..].IndexOfAnyExcept(SuffixCharacters) < 0 ? name[..^SuffixLength] : name;
    }
}
