namespace RvkApp.Api.Auth;

/// <summary>What a user may do: a <see cref="User"/> reads, an <see cref="Admin"/> also writes.</summary>
internal static class Roles
{
    public const string User = "user";
    public const string Admin = "admin";

    public static bool IsKnown(string role) => role is User or Admin;
}
