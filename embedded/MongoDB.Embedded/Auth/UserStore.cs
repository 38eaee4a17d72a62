using System.Security.Cryptography;
using System.Text;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Auth;

/// <summary>The users, in admin.system.users as the server keeps them. Thread-safe.</summary>
internal sealed class UserStore(StorageEngine engine, ServerLog log)
{
    public static readonly Namespace Users = new("admin", "system.users");

    private readonly Lock _gate = new();
    private readonly byte[] _secret = engine.ServerSecret();
    private long _generation;

    public long Generation => Interlocked.Read(ref _generation);

    /// <summary>
    /// Creates the first user when there is none. When there are users and that user's password is another, signing in with it
    /// will fail: a line says so and what to do.
    /// </summary>
    public void EnsureRoot(string? user, string? password)
    {
        bool any = All().Count > 0;
        if (user is null || password is null)
        {
            if (!any)
            {
                log.Warning("ACCESS", 5100, "There is no user", ("remedy", $"start with {ServerOptions.UserVariable} and {ServerOptions.PasswordVariable} set to create one"));
            }
            return;
        }
        if (!any)
        {
            Create(user, "admin", password, [new UserRole("root", "admin")]);
            log.Info("ACCESS", 5101, "Created the first user", ("user", user), ("db", "admin"));
            return;
        }
        if (Credential(user, "admin") is not ScramCredential credential || !credential.Matches(password))
        {
            log.Warning(
                "ACCESS", 5102, "Credential mismatch", ("code", "credential mismatch"), ("user", user), ("db", "admin"),
                ("remedy", "the data directory has users and this user's password is another than the configured one: configure the password that the data was created with, or change the user's password, or remove the data directory to start anew"));
        }
    }

    /// <exception cref="MongoError">Location51003 when there is such a user, RoleNotFound (31).</exception>
    public void Create(string user, string database, string password, IReadOnlyList<UserRole> roles)
    {
        lock (_gate)
        {
            if (Find(user, database) is not null)
            {
                throw new MongoError(51003, $"User \"{user}@{database}\" already exists");
            }
            CheckRoles(roles);
            using BsonWriter writer = Document(user, database, Guid.NewGuid(), ScramCredential.Create(password), roles);
            MongoError? failure = null;
            engine.Writer.Insert(engine.Catalog.GetOrCreate(Users), [writer.ToDocument()], ordered: true, (_, e) => failure = e);
            if (failure is not null)
            {
                throw failure;
            }
            Interlocked.Increment(ref _generation);
        }
    }

    /// <summary>
    /// <para><paramref name="password"/>: Null keeps it.</para>
    /// <para><paramref name="roles"/>: Null keeps them.</para>
    /// </summary>
    /// <exception cref="MongoError">UserNotFound (11), RoleNotFound (31).</exception>
    public void Update(string user, string database, string? password, IReadOnlyList<UserRole>? roles)
    {
        lock (_gate)
        {
            BsonDoc current = Find(user, database) ?? throw NotFound(user, database);
            CheckRoles(roles ?? []);
            ScramCredential credential = password is null ? CredentialOf(current) : ScramCredential.Create(password);
            using BsonWriter writer = Document(
                user, database, new Guid(current["userId"].BinaryBytes, bigEndian: true), credential, roles ?? RolesOf(current));
            BsonDoc changed = writer.ToDocument();
            Change(user, database, (BsonDoc _, out BsonDoc replacement) =>
            {
                replacement = changed;
                return ChangeKind.Replace;
            });
        }
    }

    /// <exception cref="MongoError">UserNotFound (11).</exception>
    public void Drop(string user, string database)
    {
        lock (_gate)
        {
            if (Find(user, database) is null)
            {
                throw NotFound(user, database);
            }
            Change(user, database, (BsonDoc _, out BsonDoc replacement) =>
            {
                replacement = default;
                return ChangeKind.Delete;
            });
        }
    }

    /// <summary>Every user's document.</summary>
    public List<BsonDoc> All()
    {
        var users = new List<BsonDoc>();
        if (engine.Catalog.Find(Users) is Collection collection)
        {
            using var cursor = new Storage.Planning.RecordCursor(
                engine, collection, new Storage.Planning.QueryPlan { Kind = Storage.Planning.PlanKind.CollectionScan }, null, OperationContext.None, reuseBuffer: false);
            while (cursor.MoveNext())
            {
                users.Add(cursor.Current);
            }
        }
        return users;
    }

    /// <summary>The user with the roles of now; null when there is none any more.</summary>
    public UserIdentity? Identity(string user, string database)
    {
        long generation = Generation;
        return Find(user, database) is BsonDoc document
            ? new UserIdentity(user, database, RolesOf(document)) { Generation = generation }
            : null;
    }

    /// <summary>
    /// The credential to check a sign-in with. An unknown user has one as well, with a salt that stays the same from try to try,
    /// so that a client cannot tell which names exist.
    /// </summary>
    public (ScramCredential Credential, bool Exists) LookUp(string user, string database)
    {
        if (Credential(user, database) is ScramCredential credential)
        {
            return (credential, true);
        }
        byte[] salt = HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{database}.{user}"))[..ScramCredential.SaltLength];
        byte[] key = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);
        return (new ScramCredential(ScramCredential.DefaultIterations, salt, key, key), false);
    }

    public static IReadOnlyList<UserRole> RolesOf(BsonDoc document)
    {
        var roles = new List<UserRole>();
        foreach (BsonElement role in document["roles"].AsDocument)
        {
            roles.Add(new UserRole(role.Value.AsDocument["role"].AsString, role.Value.AsDocument["db"].AsString));
        }
        return roles;
    }

    private ScramCredential? Credential(string user, string database) =>
        Find(user, database) is BsonDoc document ? CredentialOf(document) : null;

    private static ScramCredential CredentialOf(BsonDoc document) =>
        ScramCredential.Read(document["credentials"].AsDocument[ScramConversation.Mechanism].AsDocument);

    private BsonDoc? Find(string user, string database)
    {
        if (engine.Catalog.Find(Users) is not Collection collection)
        {
            return null;
        }
        byte[] buffer = new byte[512];
        int length = engine.Store.Get(Key(collection, user, database), ref buffer);
        return length < 0 ? null : BsonDoc.Wrap(buffer[..length]);
    }

    private void Change(string user, string database, DocumentChange change)
    {
        Collection collection = engine.Catalog.GetOrCreate(Users);
        engine.Writer.Change(collection, Key(collection, user, database), change);
        Interlocked.Increment(ref _generation);
    }

    private static byte[] Key(Collection collection, string user, string database)
    {
        var key = new KeyWriter(stackalloc byte[128]);
        try
        {
            CollectionWriter.RecordKey(ref key, collection, BsonValue.String($"{database}.{user}"));
            return key.Written.ToArray();
        }
        finally
        {
            key.Dispose();
        }
    }

    private static BsonWriter Document(string user, string database, Guid id, ScramCredential credential, IReadOnlyList<UserRole> roles)
    {
        var writer = new BsonWriter();
        writer.Write("_id", $"{database}.{user}");
        writer.Write("userId", BsonValue.Binary(4, id.ToByteArray(bigEndian: true)));
        writer.Write("user", user);
        writer.Write("db", database);
        writer.StartDocument("credentials");
        writer.StartDocument(ScramConversation.Mechanism);
        credential.Write(writer);
        writer.End();
        writer.End();
        writer.StartArray("roles");
        for (int i = 0; i < roles.Count; i++)
        {
            writer.StartDocument(i);
            writer.Write("role", roles[i].Role);
            writer.Write("db", roles[i].Database);
            writer.End();
        }
        writer.End();
        return writer;
    }

    private static void CheckRoles(IReadOnlyList<UserRole> roles)
    {
        foreach (UserRole role in roles)
        {
            if (!UserIdentity.Exists(role))
            {
                throw new MongoError(ErrorCode.RoleNotFound, $"Could not find role: {role.Role}@{role.Database}");
            }
        }
    }

    private static MongoError NotFound(string user, string database) =>
        new(ErrorCode.UserNotFound, $"User '{user}@{database}' not found");
}
