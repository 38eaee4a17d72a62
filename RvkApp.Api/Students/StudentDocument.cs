using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Courses;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Api.Students;

/// <summary>Somebody who learns.</summary>
internal sealed record StudentDocument : IAttendee<StudentDocument>
{
    public const string NameField = "name";
    public const string EmailField = "email";
    public const string AgeField = "age";

    // The second one finds who is enrolled in a course that is deleted.
    public static readonly CreateIndexModel<BsonDocument>[] Indexes = [MongoIndexes.Unique(EmailField), MongoIndexes.Plain(AttendeeFields.Courses)];

    public static string Noun => "student";

    public required ObjectId Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    public required int Age { get; init; }

    public required IReadOnlyList<ObjectId> CourseIds { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; init; }

    public BsonDocument ToBson() => new()
    {
        { DocumentFields.Id, Id },
        { NameField, Name },
        { EmailField, Email },
        { AgeField, Age },
        { AttendeeFields.Courses, AttendeeFields.ToBson(CourseIds) },
        { DocumentFields.CreatedAt, CreatedAt },
        { DocumentFields.UpdatedAt, UpdatedAt },
    };

    public static StudentDocument FromBson(BsonDocument bson) => new()
    {
        Id = bson[DocumentFields.Id].AsObjectId,
        Name = bson[NameField].AsString,
        Email = bson[EmailField].AsString,
        Age = bson[AgeField].ToInt32(),
        CourseIds = AttendeeFields.FromBson(bson),
        CreatedAt = bson[DocumentFields.CreatedAt].ToUniversalTime(),
        UpdatedAt = bson[DocumentFields.UpdatedAt].ToUniversalTime(),
    };
}
