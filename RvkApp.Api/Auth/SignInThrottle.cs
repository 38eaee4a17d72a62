using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using RvkApp.Api.Platform.Mongo;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Auth;

/// <summary>Section <c>SignIn</c>: how many failed sign-ins are let through.</summary>
internal sealed class SignInOptions
{
    /// <summary>Failures of one account from one address after which it is blocked. Default: 10.</summary>
    [Between("SignIn:Failures", 1, 1000)]
    public int Failures { get; set; } = 10;

    /// <summary>How long a failure counts. Default: 15 min.</summary>
    [Duration("SignIn:Window", "00:00:01", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(15);
}

[OptionsValidator]
internal sealed partial class SignInOptionsValidator : IValidateOptions<SignInOptions>;

/// <summary>
/// Counts failed sign-ins per account and address. By the pair, so that nobody can lock another out of their account from elsewhere.
/// </summary>
/// <remarks>
/// One document a failure, <c>{key, at, expiresAt}</c>, in MongoDB: the window slides, every instance of the API sees the same, and the
/// server drops what is old. The key is a hash: the collection is no list of who signs in from where.
/// </remarks>
internal sealed class SignInThrottle(SchoolDatabase database, IOptions<SignInOptions> options, TimeProvider clock)
{
    private const string KeyField = "key";
    private const string AtField = "at";
    private const string ExpiresAtField = "expiresAt";

    public static readonly CreateIndexModel<BsonDocument>[] Indexes =
    [
        MongoIndexes.Plain(KeyField, AtField),
        MongoIndexes.ExpiresAt(ExpiresAtField),
    ];

    private static readonly BsonDocument NewestFirst = new(AtField, -1);

    /// <summary>What failures are counted under.</summary>
    public static string Key(string email, string? address)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{address}\n{email}")));

    /// <summary>How long the account is blocked for the address; null when it is not.</summary>
    public Task<TimeSpan?> BlockedForAsync(string key, CancellationToken cancellationToken)
        => BlockedForAsync(key, allowed: options.Value.Failures - 1, cancellationToken);

    /// <summary>Adds a failure. Returns how long the account is blocked when it was one too many, which happens when many arrive at once.</summary>
    public async Task<TimeSpan?> AddFailureAsync(string key, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var failure = new BsonDocument { { KeyField, key }, { AtField, now }, { ExpiresAtField, now + options.Value.Window } };
        await database.SignInFailures.InsertOneAsync(failure, cancellationToken: cancellationToken);
        return await BlockedForAsync(key, allowed: options.Value.Failures, cancellationToken);
    }

    /// <summary>Forgets the failures: the right password was given.</summary>
    public Task ClearAsync(string key, CancellationToken cancellationToken)
        => database.SignInFailures.DeleteManyAsync(new BsonDocument(KeyField, key), cancellationToken);

    // The failure that has to expire until no more than the allowed number is left decides how long that takes.
    private async Task<TimeSpan?> BlockedForAsync(string key, int allowed, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var filter = new BsonDocument { { KeyField, key }, { AtField, new BsonDocument("$gt", now - options.Value.Window) } };
        var decisive = await database.SignInFailures.Find(filter).Sort(NewestFirst).Skip(allowed).Limit(1).FirstOrDefaultAsync(cancellationToken);
        return decisive is null ? null : decisive[AtField].ToUniversalTime() + options.Value.Window - now;
    }
}
