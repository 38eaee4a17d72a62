using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Auth;
using RvkApp.Api.Courses;
using RvkApp.Api.Students;
using RvkApp.Api.Teachers;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>The collections of the database.</summary>
internal sealed class SchoolDatabase(IMongoDatabase database)
{
    public DocumentCollection<UserDocument> Users { get; } = new(database.GetCollection<BsonDocument>("users"));

    public DocumentCollection<CourseDocument> Courses { get; } = new(database.GetCollection<BsonDocument>("courses"));

    public DocumentCollection<StudentDocument> Students { get; } = new(database.GetCollection<BsonDocument>("students"));

    public DocumentCollection<TeacherDocument> Teachers { get; } = new(database.GetCollection<BsonDocument>("teachers"));

    /// <summary>Failed sign-ins of the last minutes, see <see cref="SignInThrottle"/>.</summary>
    public IMongoCollection<BsonDocument> SignInFailures { get; } = database.GetCollection<BsonDocument>("signInFailures");

    /// <summary>One-time work that was completed, by name.</summary>
    public IMongoCollection<BsonDocument> Milestones { get; } = database.GetCollection<BsonDocument>("milestones");

    public Task PingAsync(CancellationToken cancellationToken)
        => database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken);

    /// <summary>Creates every index that is missing. Uniqueness rests on them alone, so no request is served before they exist.</summary>
    public Task CreateIndexesAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Users.Raw.Indexes.CreateManyAsync(UserDocument.Indexes, cancellationToken),
        Courses.Raw.Indexes.CreateManyAsync(CourseDocument.Indexes, cancellationToken),
        Students.Raw.Indexes.CreateManyAsync(StudentDocument.Indexes, cancellationToken),
        Teachers.Raw.Indexes.CreateManyAsync(TeacherDocument.Indexes, cancellationToken),
        SignInFailures.Indexes.CreateManyAsync(SignInThrottle.Indexes, cancellationToken));
}
