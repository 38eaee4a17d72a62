using MongoDB.Bson;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>The fields an update sets: those that were given, and the time of the change.</summary>
internal sealed class FieldChanges(TimeProvider clock)
{
    private readonly BsonDocument _fields = new(DocumentFields.UpdatedAt, clock.Now());

    public FieldChanges Set(string field, string? value)
    {
        if (value is not null)
        {
            _fields[field] = value;
        }

        return this;
    }

    public FieldChanges Set(string field, int? value)
    {
        if (value is { } number)
        {
            _fields[field] = number;
        }

        return this;
    }

    public BsonDocument ToBson() => _fields;
}
