using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using MongoDB.Bson;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Validation;

namespace RvkApp.Api.Auth;

/// <summary>Registering, signing in, and who is signed in.</summary>
internal static class AuthEndpoints
{
    private const string ProfilePath = "/auth/profile";

    // One text for an unknown user and a wrong password: the difference would tell who has an account.
    private const string WrongCredentials = "The e-mail address or the password is wrong.";

    public static void MapAuth(this IEndpointRouteBuilder routes)
    {
        var auth = routes.MapGroup("/auth").WithTags("Auth").ValidateRequests().UseDatabase().DescribeCommonErrors();

        auth.MapPost("/register", RegisterAsync)
            .WithName("Register")
            .WithSummary("Creates an account and signs it in")
            .WithDescription("Anyone may create a user; only an admin may create an admin.");

        auth.MapPost("/login", SignInAsync)
            .WithName("SignIn")
            .WithSummary("Signs in")
            .WithDescription("After 10 failures of one account from one address within 15 minutes, further attempts are answered with 429 until the oldest of them is 15 minutes old.");

        auth.MapGet("/profile", ProfileAsync)
            .RequireAuthorization()
            .WithName("GetProfile")
            .WithSummary("The signed-in user");
    }

    private static async Task<Results<Created<SignInResponse>, ForbiddenProblem, ConflictProblem, UnauthorizedProblem>> RegisterAsync(
        RegisterRequest request, ClaimsPrincipal caller, AuthServices services, CancellationToken cancellationToken)
    {
        if (request.Role == Roles.Admin)
        {
            switch (await services.AdminAccess.RefuseAsync(caller, cancellationToken))
            {
                case UnauthorizedProblem unauthorized:
                    return unauthorized;
                case not null:
                    return new ForbiddenProblem("Only an admin may create an admin.");
            }
        }

        string hash;
        using (await services.Hasher.TurnAsync(cancellationToken))
        {
            hash = await services.Hasher.HashAsync(request.Password!);
        }

        var user = new UserDocument
        {
            Id = ObjectId.GenerateNewId(),
            Username = request.Username!,
            Email = request.Email!,
            PasswordHash = hash,
            Role = request.Role ?? Roles.User,
            CreatedAt = services.Clock.Now(),
        };

        try
        {
            await services.Database.Users.InsertAsync(user, cancellationToken);
        }
        catch (DuplicateValueException duplicate)
        {
            return ConflictProblem.From(duplicate);
        }

        return TypedResults.Created(ProfilePath, services.SignedIn(user));
    }

    private static async Task<Results<Ok<SignInResponse>, UnauthorizedProblem, TooManyRequestsProblem>> SignInAsync(
        SignInRequest request, HttpContext context, AuthServices services, CancellationToken cancellationToken)
    {
        // The turn is taken before the failures are counted, so that a burst cannot have all its guesses counted before any was checked.
        using var turn = await services.Hasher.TurnAsync(cancellationToken);

        var key = SignInThrottle.Key(request.Email!, context.Connection.RemoteIpAddress?.ToString());
        if (await services.Throttle.BlockedForAsync(key, cancellationToken) is { } blocked)
        {
            return TooManyFailures(blocked);
        }

        var user = await services.Database.Users.FindOneAsync(new BsonDocument(UserDocument.EmailField, request.Email), cancellationToken);
        if (!await services.Hasher.VerifyAsync(request.Password!, user?.PasswordHash))
        {
            return await services.Throttle.AddFailureAsync(key, cancellationToken) is { } tooMany
                ? TooManyFailures(tooMany)
                : new UnauthorizedProblem(WrongCredentials);
        }

        // Other guesses may have failed meanwhile; then this one was one of too many, right or not.
        if (await services.Throttle.BlockedForAsync(key, cancellationToken) is { } blockedMeanwhile)
        {
            return TooManyFailures(blockedMeanwhile);
        }

        await services.Throttle.ClearAsync(key, cancellationToken);
        return TypedResults.Ok(services.SignedIn(user!));
    }

    private static async Task<Results<Ok<UserResponse>, UnauthorizedProblem>> ProfileAsync(
        ClaimsPrincipal caller, SchoolDatabase database, CancellationToken cancellationToken)
        => ObjectId.TryParse(caller.Subject(), out var id) && await database.Users.FindAsync(id, cancellationToken) is { } user
            ? TypedResults.Ok(UserResponse.From(user))
            : new UnauthorizedProblem("The account that this token was issued to does not exist any more.");

    private static TooManyRequestsProblem TooManyFailures(TimeSpan retryAfter)
        => new("Too many failed sign-ins of this account from this address; Retry-After says in how many seconds to try again.", retryAfter);
}

/// <summary>What registering and signing in work with.</summary>
internal sealed class AuthServices(
    SchoolDatabase database, PasswordHasher hasher, SignInThrottle throttle, AdminAccess adminAccess, TokenIssuer tokens, TimeProvider clock)
{
    public SchoolDatabase Database => database;

    public PasswordHasher Hasher => hasher;

    public SignInThrottle Throttle => throttle;

    public AdminAccess AdminAccess => adminAccess;

    public TimeProvider Clock => clock;

    public SignInResponse SignedIn(UserDocument user) => new(tokens.Issue(user), UserResponse.From(user));
}
