using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Courses;

/// <summary>
/// Who is enrolled in which course: the same for students and teachers. Whatever the order in which enrolling, leaving and deleting
/// overlap, nobody keeps a course that does not exist; docs/decisions/0003-enrolment-without-transactions.md has the reasoning.
/// </summary>
internal sealed class Enrolment(SchoolDatabase database, ConnectionState connection)
{
    /// <summary>Enrolls somebody in a course; doing so again changes nothing.</summary>
    public async Task<EnrolmentResult<T>> EnrollAsync<T>(
        DocumentCollection<T> attendees, ObjectId attendeeId, ObjectId courseId, CancellationToken cancellationToken)
        where T : class, IAttendee<T>
    {
        if (await database.Courses.FindAsync(courseId, cancellationToken) is null)
        {
            return new EnrolmentResult<T>(await attendees.FindAsync(attendeeId, cancellationToken), CourseExists: false);
        }

        return await ToTheEndAsync(async () =>
        {
            var attendee = await attendees.UpdateAsync(attendeeId, Update("$addToSet", courseId), CancellationToken.None);
            if (attendee is null)
            {
                return new EnrolmentResult<T>(null, CourseExists: true);
            }

            // The course may have been deleted since it was looked up. This look-up, after the change, decides: if the course is gone
            // by now, its deletion may have missed the document, so the change is taken back.
            var courses = await CoursesOfAsync([attendee], CancellationToken.None);
            if (courses.ContainsKey(courseId))
            {
                return new EnrolmentResult<T>(attendee, CourseExists: true, courses);
            }

            attendee = await attendees.UpdateAsync(attendeeId, Update("$pull", courseId), CancellationToken.None);
            return new EnrolmentResult<T>(attendee, CourseExists: false);
        });
    }

    /// <summary>Takes somebody out of a course; doing so again changes nothing.</summary>
    public async Task<EnrolmentResult<T>> UnenrollAsync<T>(
        DocumentCollection<T> attendees, ObjectId attendeeId, ObjectId courseId, CancellationToken cancellationToken)
        where T : class, IAttendee<T>
    {
        var courseExists = await database.Courses.FindAsync(courseId, cancellationToken) is not null;
        var attendee = await attendees.UpdateAsync(attendeeId, Update("$pull", courseId), cancellationToken);
        return new EnrolmentResult<T>(
            attendee, courseExists, attendee is null || !courseExists ? null : await CoursesOfAsync([attendee], cancellationToken));
    }

    /// <summary>Deletes a course, and takes everybody out of it.</summary>
    /// <returns>Whether there was such a course.</returns>
    public Task<bool> DeleteCourseAsync(ObjectId courseId) => ToTheEndAsync(async () =>
    {
        // The course goes first: from then on nobody can enroll for good, so what is left to do only shrinks. When there is no such
        // course, an earlier deletion may have been cut short; what that left is cleaned up here.
        var existed = await database.Courses.DeleteAsync(courseId, CancellationToken.None);
        await RemoveFromAllAsync([courseId], CancellationToken.None);
        return existed;
    });

    /// <summary>The courses of all the attendees, in one round trip. A course that was deleted a moment ago is not among them.</summary>
    public async Task<IReadOnlyDictionary<ObjectId, CourseDocument>> CoursesOfAsync<T>(IEnumerable<T> attendees, CancellationToken cancellationToken)
        where T : class, IAttendee<T>
    {
        var ids = attendees.SelectMany(attendee => attendee.CourseIds).ToHashSet();
        return ids.Count == 0
            ? new Dictionary<ObjectId, CourseDocument>()
            : (await database.Courses.FindManyAsync(ids, cancellationToken)).ToDictionary(course => course.Id);
    }

    /// <summary>
    /// Removes references to courses that do not exist, which a process that dies between two steps leaves behind. Ids are never used
    /// again, so a course that is missing once is missing for ever, and this may run beside any request.
    /// </summary>
    public async Task RemoveDanglingAsync(CancellationToken cancellationToken)
    {
        var referenced = await Task.WhenAll(ReferencedAsync(database.Students.Raw), ReferencedAsync(database.Teachers.Raw));
        var missing = referenced.SelectMany(ids => ids).ToHashSet();
        if (missing.Count == 0)
        {
            return;
        }

        missing.ExceptWith((await database.Courses.FindManyAsync(missing, cancellationToken)).Select(course => course.Id));
        if (missing.Count > 0)
        {
            await RemoveFromAllAsync(missing, cancellationToken);
        }

        async Task<List<ObjectId>> ReferencedAsync(IMongoCollection<BsonDocument> attendees)
        {
            using var cursor = await attendees.DistinctAsync<ObjectId>(AttendeeFields.Courses, new BsonDocument(), cancellationToken: cancellationToken);
            return await cursor.ToListAsync(cancellationToken);
        }
    }

    // Runs steps that belong together. They are not cancelled with the request; the driver's timeouts bound them. If one fails
    // nevertheless, the database counts as lost, so that the next request begins with the preparation and its RemoveDanglingAsync.
    private async Task<TResult> ToTheEndAsync<TResult>(Func<Task<TResult>> steps)
    {
        try
        {
            return await steps();
        }
        catch
        {
            connection.Doubt();
            throw;
        }
    }

    private async Task RemoveFromAllAsync(IEnumerable<ObjectId> courses, CancellationToken cancellationToken)
    {
        var anyOf = new BsonDocument("$in", new BsonArray(courses));
        var filter = new BsonDocument(AttendeeFields.Courses, anyOf);
        var update = new BsonDocument("$pull", new BsonDocument(AttendeeFields.Courses, anyOf));
        await Task.WhenAll(
            database.Students.Raw.UpdateManyAsync(filter, update, cancellationToken: cancellationToken),
            database.Teachers.Raw.UpdateManyAsync(filter, update, cancellationToken: cancellationToken));
    }

    private static BsonDocument Update(string operation, ObjectId courseId) => new(operation, new BsonDocument(AttendeeFields.Courses, courseId));
}

/// <summary>The outcome of enrolling or leaving: the attendee's new state, null when there is none, and whether the course exists.</summary>
internal sealed record EnrolmentResult<T>(
    T? Attendee, bool CourseExists, IReadOnlyDictionary<ObjectId, CourseDocument>? Courses = null) where T : class, IAttendee<T>;
