using MongoDB.Bson;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Courses;

/// <summary>Somebody who is enrolled in courses, as a student or as a teacher. The ids are stored in the attendee's document.</summary>
internal interface IAttendee<TSelf> : IDocument<TSelf> where TSelf : IAttendee<TSelf>
{
    /// <summary>What an attendee is called in a sentence: <c>student</c>.</summary>
    static abstract string Noun { get; }

    IReadOnlyList<ObjectId> CourseIds { get; }
}

internal static class AttendeeFields
{
    public const string Courses = "courses";

    public static BsonArray ToBson(IReadOnlyList<ObjectId> courses) => new(courses);

    public static IReadOnlyList<ObjectId> FromBson(BsonDocument attendee)
        => attendee.TryGetValue(Courses, out var courses) ? [.. courses.AsBsonArray.Select(course => course.AsObjectId)] : [];
}
