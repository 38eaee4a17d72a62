using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>
/// Signs one request with AWS Signature Version 4
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The value of the header <c>X-Amz-Date</c>, which has to be among the signed headers.</summary>
    public static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the header <c>Authorization</c>.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, already encoded.</param>
    /// <param name="query">The query as it is sent: encoded, sorted by name, without the question mark.</param>
    /// <param name="headers">The headers to sign, with <c>host</c>; names in any case and order.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="credentials">Who signs.</param>
    /// <param name="service">The service's signing name, such as <c>ssm</c>.</param>
    /// <param name="time">When; AWS accepts five minutes around its own clock.</param>
    public static string Authorization(
        string method, string path, string query, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body, AwsCredentials credentials, string service, DateTimeOffset time)
    {
        var sorted = headers.Select(header => (Name: header.Key.ToLowerInvariant(), Value: Trimmed(header.Value))).OrderBy(header => header.Name, StringComparer.Ordinal).ToArray();
        var names = string.Join(';', sorted.Select(header => header.Name));

        var request = new StringBuilder().Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in sorted)
        {
            request.Append(name).Append(':').Append(value).Append('\n');
        }

        request.Append('\n').Append(names).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body)));

        var date = Date(time);
        var day = date[..8];
        var scope = $"{day}/{credentials.Region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.ToString())))}";

        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretAccessKey);
        foreach (var part in new[] { day, credentials.Region, service, "aws4_request", toSign })
        {
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        }

        return $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={Convert.ToHexStringLower(key)}";
    }

    // Runs of spaces count as one (canonical headers).
    private static string Trimmed(string value) => string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
