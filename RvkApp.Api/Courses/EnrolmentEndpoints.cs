using Microsoft.AspNetCore.Http.HttpResults;
using MongoDB.Bson;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Courses;

/// <summary>What the enrolment endpoints of students and teachers have in common.</summary>
internal static class EnrolmentEndpoints
{
    /// <summary>The answer to an enrolment: the attendee's new state, or which of the two does not exist.</summary>
    public static Results<Ok<TResponse>, NotFoundProblem> ToHttpResult<T, TResponse>(
        this EnrolmentResult<T> result, string attendeeId, string courseId, Func<T, IReadOnlyDictionary<ObjectId, CourseDocument>, TResponse> respond)
        where T : class, IAttendee<T>
        => result switch
        {
            { Attendee: { } attendee, CourseExists: true, Courses: { } courses } => TypedResults.Ok(respond(attendee, courses)),
            { Attendee: not null } => Missing.Document("course", courseId),
            { CourseExists: true } => Missing.Document(T.Noun, attendeeId),
            _ => new NotFoundProblem($"There is neither a {T.Noun} with the id {attendeeId} nor a course with the id {courseId}."),
        };

    /// <summary>The attendee's courses in the order of enrolment.</summary>
    public static CourseResponse[] CoursesFor<T>(this IReadOnlyDictionary<ObjectId, CourseDocument> courses, T attendee) where T : class, IAttendee<T>
        => [.. attendee.CourseIds.Where(courses.ContainsKey).Select(id => CourseResponse.From(courses[id]))];
}

internal static class Missing
{
    public static NotFoundProblem Document(string noun, string id) => new($"There is no {noun} with the id {id}.");
}
