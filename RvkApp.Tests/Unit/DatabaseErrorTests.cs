using System.Net;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using RvkApp.Api.Platform.Mongo;

namespace RvkApp.Tests.Unit;

public class DatabaseErrorTests
{
    private static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("localhost", 27017)));

    [Theory]
    [InlineData("E11000 duplicate key error collection: school.students index: unique_email dup key: { email: \"ann@school.example\" }", "email")]
    [InlineData("E11000 duplicate key error collection: school.users index: unique_username dup key: { usernameKey: \"ann\" }", "username")]
    [InlineData("E11000 duplicate key error collection: school.courses index: unique_code dup key: { code: \"index: unique_email\" }", "code")]
    [InlineData("E11000 duplicate key error collection: school.courses index: _id_ dup key: { _id: 1 }", null)]
    [InlineData("something else", null)]
    public void The_violated_index_tells_the_field(string message, string? field)
        => Assert.Equal(field, DuplicateValueException.From(message, new InvalidOperationException()).Field);

    [Fact]
    public void The_text_of_a_conflict_has_nothing_of_the_drivers()
        => Assert.Equal("The email is taken.", DuplicateValueException.From("E11000 … index: unique_email dup key: { email: \"x\" }", new InvalidOperationException()).Message);

    [Fact]
    public void A_database_that_cannot_be_reached_is_told_from_one_that_refuses()
    {
        Assert.True(DatabaseErrors.IsUnavailable(new MongoConnectionException(Connection, "cut")));
        Assert.True(DatabaseErrors.IsUnavailable(new TimeoutException()));
        Assert.True(DatabaseErrors.IsUnavailable(new MongoAuthenticationException(Connection, "no")));
        Assert.True(DatabaseErrors.IsUnavailable(new DatabaseUnavailableException("away")));
        Assert.True(DatabaseErrors.IsUnavailable(new AggregateException(new TimeoutException(), new MongoConnectionException(Connection, "cut"))));

        Assert.False(DatabaseErrors.IsUnavailable(new AggregateException(new TimeoutException(), new InvalidOperationException())));
        Assert.False(DatabaseErrors.IsUnavailable(new MongoCommandException(Connection, "bad", [], new MongoDB.Bson.BsonDocument("code", 2))));
        Assert.False(DatabaseErrors.IsUnavailable(new InvalidOperationException()));
    }
}
