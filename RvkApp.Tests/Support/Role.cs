namespace RvkApp.Tests.Support;

/// <summary>Who sends a request.</summary>
public enum Role
{
    Anonymous,
    User,
    Admin,
}
