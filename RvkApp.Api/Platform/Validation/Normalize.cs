namespace RvkApp.Api.Platform.Validation;

/// <summary>The form in which fields are stored and compared. Contracts apply it when a value is set, so validators and handlers see no other.</summary>
internal static class Normalize
{
    public static string? Trim(string? text) => text?.Trim();

    public static string? Email(string? text) => text?.Trim().ToLowerInvariant();

    public static string? Code(string? text) => text?.Trim().ToUpperInvariant();
}
