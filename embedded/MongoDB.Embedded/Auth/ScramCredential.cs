using System.Security.Cryptography;
using System.Text;
using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Auth;

/// <summary>
/// What is kept of a password for SCRAM-SHA-256 (RFC 5802 section 3, RFC 7677): salt, iterations and two keys from which neither
/// the password nor the client's key can be computed.
/// </summary>
internal sealed record ScramCredential(int Iterations, byte[] Salt, byte[] StoredKey, byte[] ServerKey)
{
    public const int DefaultIterations = 15000;
    public const int SaltLength = 28;

    public static ScramCredential Create(string password) => Derive(password, RandomNumberGenerator.GetBytes(SaltLength), DefaultIterations);

    public static ScramCredential Derive(string password, byte[] salt, int iterations)
    {
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(SaslPrep.Prepare(password)), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return new ScramCredential(iterations, salt, SHA256.HashData(clientKey), serverKey);
    }

    /// <summary>True when the password is the one it was made from.</summary>
    public bool Matches(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, Salt, Iterations).StoredKey, StoredKey);

    public void Write(BsonWriter writer)
    {
        writer.Write("iterationCount", Iterations);
        writer.Write("salt", Convert.ToBase64String(Salt));
        writer.Write("storedKey", Convert.ToBase64String(StoredKey));
        writer.Write("serverKey", Convert.ToBase64String(ServerKey));
    }

    public static ScramCredential Read(BsonDoc document) => new(
        (int)document["iterationCount"].IntegerBits,
        Convert.FromBase64String(document["salt"].AsString),
        Convert.FromBase64String(document["storedKey"].AsString),
        Convert.FromBase64String(document["serverKey"].AsString));

    // The record's own text would show the keys.
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append(System.Globalization.CultureInfo.InvariantCulture, $"Iterations = {Iterations}");
        return true;
    }
}
