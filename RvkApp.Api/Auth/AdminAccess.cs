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

/// <summary>Lets only requests of current admins through.</summary>
internal sealed class AdminAccessFilter(AdminAccess access) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        => await access.RefuseAsync(context.HttpContext.User, context.HttpContext.RequestAborted) ?? await next(context);
}
