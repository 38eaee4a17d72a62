using System.ComponentModel.DataAnnotations;
using System.Text;
using Microsoft.Extensions.Options;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Auth;

/// <summary>Section <c>Jwt</c>: the tokens that the API issues and accepts.</summary>
internal sealed class JwtOptions
{
    /// <summary>
    /// The key that signs tokens: text of at least 32 bytes in UTF-8, or <c>base64:</c> and the base64 of at least 32 bytes. There is no default.
    /// </summary>
    [SigningKey]
    public string? SigningKey { get; set; }

    /// <summary>Who issues the tokens. Default: rvkapp.</summary>
    [Required(ErrorMessage = "Jwt:Issuer must not be empty.")]
    public string Issuer { get; set; } = "rvkapp";

    /// <summary>Whom the tokens are for. Default: rvkapp-api.</summary>
    [Required(ErrorMessage = "Jwt:Audience must not be empty.")]
    public string Audience { get; set; } = "rvkapp-api";

    /// <summary>How long a token is valid. Default: 8 h.</summary>
    [Duration("Jwt:Lifetime", "00:00:01", "30.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>The bytes of <see cref="SigningKey"/>; null when it is missing, malformed or too short.</summary>
    public byte[]? KeyBytes() => SigningKeyAttribute.Decode(SigningKey) is { Length: >= SigningKeyAttribute.MinimumBytes } key ? key : null;
}

[OptionsValidator]
internal sealed partial class JwtOptionsValidator : IValidateOptions<JwtOptions>;

/// <summary>A key of at least 256 bits, which HS256 needs (RFC 7518, section 3.2). No message repeats any of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SigningKeyAttribute : ValidationAttribute
{
    public const int MinimumBytes = 32;

    private const string Base64Prefix = "base64:";

    /// <summary>The bytes, or null when there are none or the base64 is malformed.</summary>
    public static byte[]? Decode(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (!text.StartsWith(Base64Prefix, StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var encoded = text.AsSpan(Base64Prefix.Length);
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64Chars(encoded, key, out var written) ? key[..written] : null;
    }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var text = value as string;
        if (string.IsNullOrWhiteSpace(text))
        {
            return new ValidationResult(
                "Jwt:SigningKey is not set: give it at least 32 random bytes, for example the output of 'openssl rand -base64 48' (environment variable Jwt__SigningKey).");
        }

        return Decode(text) switch
        {
            null => new ValidationResult("Jwt:SigningKey starts with 'base64:' and what follows is not base64."),
            { Length: < MinimumBytes } key => new ValidationResult($"Jwt:SigningKey has {key.Length} bytes: it needs at least {MinimumBytes} (256 bits)."),
            _ => ValidationResult.Success,
        };
    }
}
