using System.ComponentModel.DataAnnotations;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Auth;

/// <summary>A new account.</summary>
internal sealed record RegisterRequest
{
    /// <summary>The name shown; unique without regard to case.</summary>
    [Required]
    public string? Username { get; set => field = Normalize.Trim(value); }

    /// <summary>The address to sign in with; unique.</summary>
    [Required]
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The password, of which only a bcrypt hash is kept.</summary>
    [Required]
    public string? Password { get; set; }

    /// <summary><c>user</c> (the default) or <c>admin</c>, which only an admin may give.</summary>
    public string? Role { get; set; }
}

/// <summary>Signing in.</summary>
internal sealed record SignInRequest
{
    /// <summary>The address of the account.</summary>
    [Required]
    public string? Email { get; set => field = Normalize.Email(value); }

    /// <summary>The password of the account.</summary>
    [Required]
    public string? Password { get; set; }
}

/// <summary>A signed-in user and the token to send as <c>Authorization: Bearer …</c>.</summary>
internal sealed record SignInResponse(string Token, UserResponse User);

/// <summary>A user, without anything secret.</summary>
internal sealed record UserResponse(string Id, string Username, string Email, string Role, DateTime CreatedAt)
{
    public static UserResponse From(UserDocument user) => new(user.Id.ToString(), user.Username, user.Email, user.Role, user.CreatedAt);
}
