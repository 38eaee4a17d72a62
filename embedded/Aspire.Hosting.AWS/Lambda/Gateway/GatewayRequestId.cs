using System.Buffers.Text;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Ids of requests, in the form that API Gateway gives them.</summary>
internal static class GatewayRequestId
{
    /// <summary>A new id: 15 characters and an equals sign. It is no secret.</summary>
    public static string Create() => string.Create(16, 0, static (text, _) =>
    {
        Span<byte> random = stackalloc byte[11];
        Random.Shared.NextBytes(random);
        Base64Url.EncodeToChars(random, text);
        text[15] = '=';
    });
}
