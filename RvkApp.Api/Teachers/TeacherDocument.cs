using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Teachers;

/// <summary>Somebody who teaches.</summary>
internal sealed record TeacherDocument : IAttendee<TeacherDocument>
{
    public const string NameField = "name";
    public const string EmailField = "email";
    public const string AgeField = "age";

    // The second one finds who teaches a course that is deleted.
    public static readonly CreateIndexModel<BsonDocument>[] Indexes = [MongoIndexes.Unique(EmailField), MongoIndexes.Plain(AttendeeFields.Courses)];

    public static string Noun => "teacher";

    public required ObjectId Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>Null when the teacher did not say.</summary>
    public required int? Age { get; init; }

    public required IReadOnlyList<ObjectId> CourseIds { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }

    public BsonDocument ToBson() => new()
    {
        { DocumentFields.Id, Id },
        { NameField, Name },
        { EmailField, Email },
        { AgeField, Age ?? 0, Age is not null },
        { AttendeeFields.Courses, AttendeeFields.ToBson(CourseIds) },
        { DocumentFields.CreatedAt, CreatedAt },
        { DocumentFields.UpdatedAt, UpdatedAt },
    };

    public static TeacherDocument FromBson(BsonDocument bson) => new()
    {
        Id = bson[DocumentFields.Id].AsObjectId,
        Name = bson[NameField].AsString,
        Email = bson[EmailField].AsString,
        Age = bson.TryGetValue(AgeField, out var age) ? age.ToInt32() : null,
        CourseIds = AttendeeFields.FromBson(bson),
        CreatedAt = bson[DocumentFields.CreatedAt].ToUniversalTime(),
        UpdatedAt = bson[DocumentFields.UpdatedAt].ToUniversalTime(),
    };
}
