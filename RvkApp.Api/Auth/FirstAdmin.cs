using Microsoft.Extensions.Options;
using MongoDB.Bson;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Auth;

/// <summary>Section <c>Admin</c>: the sign-in of the first admin. The address may be there alone: then nobody is created.</summary>
internal sealed class AdminOptions
{
    /// <summary>The first admin's address.</summary>
    public string? Email { get; set; }

    /// <summary>The first admin's password, 8 to 100 characters. It can be removed from the configuration once the admin exists.</summary>
    public string? Password { get; set; }
}

internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        if (string.IsNullOrEmpty(options.Email) && string.IsNullOrEmpty(options.Password))
        {
            return ValidateOptionsResult.Success;
        }

        if (Normalize.Email(options.Email) is not { Length: <= Fields.EmailMaximum } email || !EmailAddress.IsValid(email))
        {
            return ValidateOptionsResult.Fail("Admin:Email is not an e-mail address: the first admin needs one, for example admin@school.example.");
        }

        return string.IsNullOrEmpty(options.Password) || Fields.Password.Accepts(options.Password)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Admin:Password must be {Fields.Password.Minimum} to {Fields.Password.Maximum} characters long.");
    }
}

/// <summary>Creates the first admin when there is none.</summary>
internal sealed partial class FirstAdmin(
    SchoolDatabase database, IOptions<AdminOptions> options, PasswordHasher hasher, TimeProvider clock, ILogger<FirstAdmin> logger)
{
    private const string PreferredUsername = "admin";

    public async Task CreateIfNoneAsync(CancellationToken cancellationToken)
    {
        if (await database.Users.FindOneAsync(new BsonDocument(UserDocument.RoleField, Roles.Admin), cancellationToken) is not null)
        {
            return;
        }

        if (Normalize.Email(options.Value.Email) is not { Length: > 0 } email || string.IsNullOrEmpty(options.Value.Password))
        {
            LogNoAdmin();
            return;
        }

        try
        {
            await database.Users.InsertAsync(await NewAdminAsync(email, PreferredUsername, cancellationToken), cancellationToken);
        }
        catch (DuplicateValueException duplicate) when (duplicate.Field == "username")
        {
            await InsertUnlessEmailIsTakenAsync(await NewAdminAsync(email, $"{PreferredUsername}-{Guid.NewGuid():N}", cancellationToken), cancellationToken);
        }
        catch (DuplicateValueException)
        {
            await ReportTakenEmailAsync(email, cancellationToken);
        }
    }

    private async Task InsertUnlessEmailIsTakenAsync(UserDocument admin, CancellationToken cancellationToken)
    {
        try
        {
            await database.Users.InsertAsync(admin, cancellationToken);
        }
        catch (DuplicateValueException)
        {
            await ReportTakenEmailAsync(admin.Email, cancellationToken);
        }
    }

    // Another instance was faster, which is fine; or somebody registered with the address, whom nothing entitles to be an admin.
    private async Task ReportTakenEmailAsync(string email, CancellationToken cancellationToken)
    {
        if (await database.Users.FindOneAsync(new BsonDocument(UserDocument.EmailField, email), cancellationToken) is { Role: not Roles.Admin })
        {
            LogEmailTaken();
        }
    }

    private async Task<UserDocument> NewAdminAsync(string email, string username, CancellationToken cancellationToken)
    {
        using var turn = await hasher.TurnAsync(cancellationToken);
        return new UserDocument
        {
            Id = ObjectId.GenerateNewId(),
            Username = username,
            Email = email,
            PasswordHash = await hasher.HashAsync(options.Value.Password!),
            Role = Roles.Admin,
            CreatedAt = clock.Now(),
        };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no admin, and Admin:Email and Admin:Password do not say who the first one is: nobody can write")]
    private partial void LogNoAdmin();

    [LoggerMessage(Level = LogLevel.Error, Message = "The address in Admin:Email belongs to a user who is no admin, so no admin was created: configure another address")]
    private partial void LogEmailTaken();
}
