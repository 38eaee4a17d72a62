using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Auth;

/// <summary>
/// The server's side of one SCRAM-SHA-256 exchange (RFC 5802). Each step takes the client's message and gives the server's; a
/// wrong step ends it.
/// <example>
/// C: n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL
/// S: r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=15000
/// C: c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=(proof)
/// S: v=(signature)
/// </example>
/// </summary>
internal sealed class ScramConversation
{
    public const string Mechanism = "SCRAM-SHA-256";

    private readonly bool _skipEmptyExchange;
    private readonly string _nonce;
    private readonly string _gs2Header;
    private readonly string _firstMessages;
    private readonly ScramCredential _credential;
    private readonly bool _exists;
    private State _state = State.AwaitsProof;

    private enum State
    {
        AwaitsProof,
        AwaitsEmpty,
        Finished,
    }

    private ScramConversation(
        string user, string database, bool skipEmptyExchange, string nonce, string gs2Header, string firstMessages, ScramCredential credential, bool exists)
    {
        User = user;
        Database = database;
        _skipEmptyExchange = skipEmptyExchange;
        _nonce = nonce;
        _gs2Header = gs2Header;
        _firstMessages = firstMessages;
        _credential = credential;
        _exists = exists;
    }

    public string User { get; }

    public string Database { get; }

    /// <summary>True when the user has proved to know the password and nothing is left to exchange.</summary>
    public bool Done => _state == State.Finished;

    /// <summary>
    /// <para><paramref name="payload"/>: The client's first message.</para>
    /// <para><paramref name="lookUp"/>: The credential of a user, or one that cannot be met when there is no such user, and whether there is.</para>
    /// </summary>
    /// <exception cref="MongoError">AuthenticationFailed (18) for a message that is not as RFC 5802 says.</exception>
    public static (ScramConversation Conversation, byte[] Reply) Start(
        ReadOnlySpan<byte> payload, string database, bool skipEmptyExchange, Func<string, (ScramCredential Credential, bool Exists)> lookUp)
    {
        string message = Encoding.UTF8.GetString(payload);
        // gs2-header: no channel binding ("n", or "y" when the client could), optionally an authorization identity.
        int bare = message.StartsWith("n,", StringComparison.Ordinal) || message.StartsWith("y,", StringComparison.Ordinal)
            ? message.IndexOf(',', 2) + 1
            : 0;
        if (bare == 0)
        {
            throw Failed();
        }
        string[] attributes = message[bare..].Split(',');
        if (attributes.Length < 2
            || !attributes[0].StartsWith("n=", StringComparison.Ordinal)
            || !attributes[1].StartsWith("r=", StringComparison.Ordinal)
            || attributes[1].Length < 10)
        {
            throw Failed();
        }
        string user = Unescape(attributes[0][2..]);
        (ScramCredential credential, bool exists) = lookUp(user);
        string nonce = attributes[1][2..] + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
        string reply = string.Create(
            CultureInfo.InvariantCulture, $"r={nonce},s={Convert.ToBase64String(credential.Salt)},i={credential.Iterations}");
        var conversation = new ScramConversation(
            user, database, skipEmptyExchange, nonce, message[..bare], $"{message[bare..]},{reply}", credential, exists);
        return (conversation, Encoding.UTF8.GetBytes(reply));
    }

    /// <exception cref="MongoError">AuthenticationFailed (18).</exception>
    public byte[] Continue(ReadOnlySpan<byte> payload)
    {
        switch (_state)
        {
            case State.AwaitsProof:
                byte[] reply = CheckProof(Encoding.UTF8.GetString(payload));
                _state = _skipEmptyExchange ? State.Finished : State.AwaitsEmpty;
                return reply;
            case State.AwaitsEmpty when payload.IsEmpty:
                _state = State.Finished;
                return [];
            default:
                throw Failed();
        }
    }

    /// <summary>The one error of every way to fail, so that none tells what was wrong.</summary>
    public static MongoError Failed() => new(ErrorCode.AuthenticationFailed, "Authentication failed.");

    private byte[] CheckProof(string message)
    {
        int proofAt = message.LastIndexOf(",p=", StringComparison.Ordinal);
        string withoutProof = proofAt < 0 ? throw Failed() : message[..proofAt];
        string[] attributes = withoutProof.Split(',');
        byte[] proof = new byte[SHA256.HashSizeInBytes];
        bool wellFormed = attributes.Length >= 2
            && attributes[0] == "c=" + Convert.ToBase64String(Encoding.UTF8.GetBytes(_gs2Header))
            && attributes[1] == "r=" + _nonce
            && Convert.TryFromBase64String(message[(proofAt + 3)..], proof, out int length)
            && length == proof.Length;
        if (!wellFormed)
        {
            throw Failed();
        }
        byte[] authMessage = Encoding.UTF8.GetBytes($"{_firstMessages},{withoutProof}");
        byte[] clientKey = HMACSHA256.HashData(_credential.StoredKey, authMessage);
        for (int i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= proof[i];
        }
        bool good = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), _credential.StoredKey);
        if (!good || !_exists)
        {
            throw Failed();
        }
        return Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(HMACSHA256.HashData(_credential.ServerKey, authMessage)));
    }

    private static string Unescape(string name) =>
        name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
}
