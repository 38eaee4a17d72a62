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
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        FillAsync(cancellationToken),
        // May run beside anything, and a start waits for it.
        enrolment.RemoveDanglingAsync(cancellationToken));

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        // The first admin and the demo data rely on the unique indexes.
        await database.CreateIndexesAsync(cancellationToken);
        await firstAdmin.CreateIfNoneAsync(cancellationToken);
        await demoData.CreateOnceAsync(cancellationToken);
    }
}
