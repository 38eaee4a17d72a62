using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RvkApp.Tests.Support;

/// <summary>Makes tokens by hand (RFC 7515), since a library refuses to make the bad ones.</summary>
internal static class Jwt
{
    /// <summary>The claims of a token that the API accepts.</summary>
    public static JsonObject Claims(string subject, string role)
    {
        var now = DateTimeOffset.UtcNow;
        return new JsonObject
        {
            ["sub"] = subject,
            ["role"] = role,
            ["iss"] = "rvkapp",
            ["aud"] = "rvkapp-api",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString("N"),
        };
    }

    public static string Sign(JsonObject claims, string key = SchoolApp.SigningKey, string algorithm = "HS256")
    {
        var content = $"{Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}";
        var (keyBytes, bytes) = (Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(content));
        var signature = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(keyBytes, bytes),
            "HS384" => HMACSHA384.HashData(keyBytes, bytes),
            "HS512" => HMACSHA512.HashData(keyBytes, bytes),
            _ => [],
        };
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Decode(string text) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
}
