using System.Security.Cryptography;
using System.Text;

namespace Aspire.Dashboard.Security;

/// <summary>A secret that others have to know. Only its digest is kept.</summary>
internal sealed class Secret(string value)
{
    private readonly byte[] _digest = Digest(value);

    /// <summary>Whether a text is the secret. How long that takes tells nothing about it: digests have one length, and are compared in constant time.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Digest(text), _digest);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
