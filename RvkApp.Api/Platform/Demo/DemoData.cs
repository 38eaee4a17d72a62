using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Platform.Demo;

/// <summary>Section <c>Seed</c>: what is put into an empty system.</summary>
internal sealed class SeedOptions
{
    /// <summary>Whether to create 20 courses, 15 teachers and 200 students with enrolments, once. Default: false.</summary>
    public bool Demo { get; set; }
}

/// <summary>
/// Creates the demo school once in the life of a database. What people delete of it afterwards stays deleted. Ids are fixed, so that a
/// creation that was cut short, or that several instances begin at once, ends with the same documents.
/// </summary>
internal sealed partial class DemoData(SchoolDatabase database, IOptions<SeedOptions> options, TimeProvider clock, ILogger<DemoData> logger)
{
    private const string Milestone = "demo-data";

    public async Task CreateOnceAsync(CancellationToken cancellationToken)
    {
        var milestone = new BsonDocument(DocumentFields.Id, Milestone);
        if (!options.Value.Demo || await database.Milestones.Find(milestone).AnyAsync(cancellationToken))
        {
            return;
        }

        await InsertMissingAsync(database.Courses.Raw, DemoSchool.Courses.Select(course => course.ToBson()), cancellationToken);

        // A course whose code somebody uses already was left out; nobody may be enrolled in it.
        var courses = (await database.Courses.FindManyAsync(DemoSchool.Courses.Select(course => course.Id), cancellationToken))
            .Select(course => course.Id).ToHashSet();
        var teachers = DemoSchool.Teachers.Select(teacher => (teacher with { CourseIds = Existing(teacher.CourseIds) }).ToBson());
        var students = DemoSchool.Students.Select(student => (student with { CourseIds = Existing(student.CourseIds) }).ToBson());
        await InsertMissingAsync(database.Teachers.Raw, teachers, cancellationToken);
        await InsertMissingAsync(database.Students.Raw, students, cancellationToken);

        await InsertMissingAsync(database.Milestones, [milestone.Add("at", clock.Now())], cancellationToken);
        LogCreated(DemoSchool.Courses.Count, DemoSchool.Teachers.Count, DemoSchool.Students.Count);

        IReadOnlyList<ObjectId> Existing(IReadOnlyList<ObjectId> ids) => [.. ids.Where(courses.Contains)];
    }

    private static async Task InsertMissingAsync(
        IMongoCollection<BsonDocument> collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        try
        {
            await collection.InsertManyAsync(documents, new InsertManyOptions { IsOrdered = false }, cancellationToken);
        }
        catch (MongoBulkWriteException<BsonDocument> exception)
            when (exception.WriteConcernError is null && exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            // These are there already.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the demo school: {Courses} courses, {Teachers} teachers, {Students} students")]
    private partial void LogCreated(int courses, int teachers, int students);
}

internal static class DemoDataSetup
{
    public static void AddDemoData(this IServiceCollection services)
    {
        services.AddOptions<SeedOptions>().BindConfiguration("Seed").ValidateOnStart();
        services.AddSingleton<DemoData>();
    }
}
