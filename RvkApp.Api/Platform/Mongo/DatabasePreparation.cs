using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Demo;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>
/// What has to be true of the database before the first request: indexes, the first admin, the demo data,
/// no reference left behind by a crash. Every step is idempotent and safe to run in many processes at once.
/// </summary>
internal sealed class DatabasePreparation(SchoolDatabase database, FirstAdmin firstAdmin, Enrolment enrolment, DemoData demoData)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.CreateIndexesAsync(cancellationToken);
        await firstAdmin.CreateIfNoneAsync(cancellationToken);
        await demoData.CreateOnceAsync(cancellationToken);
        await enrolment.RemoveDanglingAsync(cancellationToken);
    }
}
