using System.Text.RegularExpressions;
using MongoDB.Driver;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>What the driver's exceptions mean for a request.</summary>
internal static class DatabaseErrors
{
    public const int DuplicateKey = 11000;

    /// <summary>Whether the database could not be reached or did not answer in time, so that trying again later makes sense.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        DatabaseUnavailableException => true,
        // Cut connections, refused sign-in of the service itself, a server that starts up or shuts down, a paused or exhausted pool.
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException => true,
        MongoConnectionPoolPausedException or MongoWaitQueueFullException or MongoExecutionTimeoutException => true,
        // The driver's word for "no server could be selected" and "no connection became free".
        TimeoutException => true,
        MongoBulkWriteException or MongoWriteException => exception.InnerException is { } inner && IsUnavailable(inner),
        AggregateException aggregate => aggregate.InnerExceptions.All(IsUnavailable),
        _ => false,
    };
}

/// <summary>The database is known to be away, or not prepared yet.</summary>
internal sealed class DatabaseUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A value that has to be unique is taken.</summary>
internal sealed partial class DuplicateValueException : Exception
{
    private DuplicateValueException(string? field, Exception innerException)
        : base(field is null ? "A value that has to be unique is taken." : $"The {field} is taken.", innerException)
        => Field = field;

    /// <summary>The field, which the name of the violated index tells; null when the server's message names no index of ours.</summary>
    public string? Field { get; }

    // E11000 duplicate key error collection: school.students index: unique_email dup key: { email: "ann@school.example" }
    public static DuplicateValueException From(string message, Exception innerException)
        => new(IndexName().Match(message) is { Success: true } match ? match.Groups["field"].Value : null, innerException);

    [GeneratedRegex($@"index:\s+\S*?{MongoIndexes.UniquePrefix}(?<field>\w+)")]
    private static partial Regex IndexName();
}
