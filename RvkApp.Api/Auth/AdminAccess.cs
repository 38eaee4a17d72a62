using System.Security.Claims;
using MongoDB.Bson;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Auth;

/// <summary>
/// Whether the signed-in user still is what the token says. A token outlives a deleted account or a lost role by hours; writes ask the
/// database each time.
/// </summary>
internal sealed class AdminAccess(SchoolDatabase database)
{
    /// <summary>Null when the user is an admin at this moment, otherwise the answer to give.</summary>
    public async Task<ProblemResult?> RefuseAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        if (!principal.IsInRole(Roles.Admin))
        {
            return new ForbiddenProblem("Only an admin may do this.");
        }

        var user = ObjectId.TryParse(principal.Subject(), out var id) ? await database.Users.FindAsync(id, cancellationToken) : null;
        return user switch
        {
            null => new UnauthorizedProblem("The account that this token was issued to does not exist any more."),
            { Role: not Roles.Admin } => new ForbiddenProblem("The account is no admin any more."),
            _ => null,
        };
    }
}

/// <summary>Marks an endpoint that is for users who are admins at the moment of the request.</summary>
internal sealed class AdminMetadata
{
    public static readonly AdminMetadata Instance = new();
}

/// <summary>
/// Lets only requests of current admins reach an endpoint with <see cref="AdminMetadata"/>. Before the endpoint, and not as a filter of it: filters
/// run when the body is bound already, and somebody who may not do a thing is not told what was wrong with the request for it.
/// </summary>
internal sealed class AdminGate(RequestDelegate next, AdminAccess access, DatabaseGate database)
{
    public Task InvokeAsync(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<AdminMetadata>() is null ? next(context) : CheckAsync(context);

    private async Task CheckAsync(HttpContext context)
    {
        await database.EnterAsync(context.RequestAborted);
        if (await access.RefuseAsync(context.User, context.RequestAborted) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
