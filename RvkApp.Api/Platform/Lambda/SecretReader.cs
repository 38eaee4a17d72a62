using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RvkApp.Api.Platform.Startup;

namespace RvkApp.Api.Platform.Lambda;

/// <summary>
/// Reads secrets with one call of Parameter Store's <c>GetParameters</c>
/// (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html). Nothing here logs or repeats a value.
/// </summary>
/// <remarks>The call is signed here and not by AWSSDK: docs/decisions/0041-secrets-at-start.md has the measurement.</remarks>
internal sealed class SecretReader(AwsCredentials credentials, Uri endpoint, TimeProvider clock) : IDisposable
{
    /// <summary>The variable that points the SDKs, and this, to another address than AWS's.</summary>
    public const string EndpointVariable = "AWS_ENDPOINT_URL_SSM";

    private const string Target = "AmazonSSM.GetParameters";
    private const string MediaType = "application/x-amz-json-1.1";
    private const int MaximumResponse = 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(2),
    });

    /// <summary>A reader of the region's Parameter Store, or of what <see cref="EndpointVariable"/> says.</summary>
    /// <exception cref="ConfigurationException">A variable is missing or malformed.</exception>
    public static SecretReader FromEnvironment(Func<string, string?> variable)
    {
        var credentials = AwsCredentials.FromEnvironment(variable);
        var address = variable(EndpointVariable) is { Length: > 0 } set ? set : $"https://ssm.{credentials.Region}.{Domain(credentials.Region)}";
        return Uri.TryCreate(address, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "https" or "http"
            ? new SecretReader(credentials, endpoint, TimeProvider.System)
            : throw new ConfigurationException($"{EndpointVariable} is '{address}': use an address such as https://ssm.us-east-2.amazonaws.com.");
    }

    /// <summary>Reads all the secrets.</summary>
    /// <param name="secrets">Which; at most 10, the most that one call takes.</param>
    /// <param name="deadline">How long it may take, with all attempts.</param>
    /// <returns>The values, in the order of <paramref name="secrets"/>.</returns>
    /// <exception cref="ConfigurationException">They cannot be read: which, why, and what to do.</exception>
    public async Task<string[]> ReadAsync(IReadOnlyList<SecretReference> secrets, TimeSpan deadline)
    {
        using var timeout = new CancellationTokenSource(deadline);
        var lastFailure = "no attempt was made";
        try
        {
            for (var pause = FirstPause; ; pause *= 2)
            {
                try
                {
                    var (status, answer) = await SendAsync(secrets, timeout.Token);
                    if (status == HttpStatusCode.OK)
                    {
                        return Values(secrets, answer);
                    }

                    lastFailure = Failure(status, answer);
                    if (!IsTransient(status, lastFailure))
                    {
                        throw Refused(secrets, lastFailure);
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or IOException)
                {
                    lastFailure = exception.Message;
                }

                await Task.Delay(pause, timeout.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new ConfigurationException(
                $"{Names(secrets)} could not be read from {endpoint.Authority} within {deadline.TotalSeconds:0.#} s ({lastFailure}). The function needs a way to it over port 443: "
                + "a route to a NAT gateway or a VPC endpoint, and a security group that lets it out.");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(IReadOnlyList<SecretReference> secrets, CancellationToken cancellationToken)
    {
        var names = new JsonArray([.. secrets.Select(secret => secret.Parameter).Distinct().Select(name => (JsonNode)name)]);
        var body = System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["Names"] = names, ["WithDecryption"] = true }.ToJsonString());
        var now = clock.GetUtcNow();
        var headers = new Dictionary<string, string>
        {
            ["content-type"] = MediaType,
            ["host"] = endpoint.Authority,
            ["x-amz-date"] = AwsSignature.Date(now),
            ["x-amz-target"] = Target,
        };
        if (credentials.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(endpoint, "/")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(MediaType);
        foreach (var (name, value) in headers.Where(header => header.Key != "content-type"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", AwsSignature.Authorization("POST", "/", "", headers, body, credentials, "ssm", now));
        using var response = await _http.SendAsync(request, cancellationToken);
        await response.Content.LoadIntoBufferAsync(MaximumResponse, cancellationToken);
        var text = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return (response.StatusCode, Parse(text));
    }

    private string[] Values(IReadOnlyList<SecretReference> secrets, JsonNode? answer)
    {
        var values = (answer?["Parameters"] as JsonArray ?? []).OfType<JsonObject>()
            .ToDictionary(parameter => (string?)parameter["Name"] ?? "", parameter => (string?)parameter["Value"] ?? "");
        var missing = secrets.Where(secret => !values.TryGetValue(secret.Parameter, out var value) || value.Length == 0).ToArray();
        return missing.Length == 0
            ? [.. secrets.Select(secret => values[secret.Parameter])]
            : throw new ConfigurationException($"There is no secret with a value for {Names(missing)} in {credentials.Region}: create it, or correct the setting.");
    }

    // {"__type": "AccessDeniedException", "Message": "User … is not authorized to perform: ssm:GetParameters on resource: …"}
    private static string Failure(HttpStatusCode status, JsonNode? answer)
    {
        var error = answer as JsonObject;
        var type = (string?)error?["__type"];
        var message = (string?)(error?["message"] ?? error?["Message"]);
        return string.Join(": ", new[] { type?[(type.LastIndexOf('#') + 1)..] ?? $"status {(int)status}", message }.Where(part => !string.IsNullOrEmpty(part)));
    }

    private static bool IsTransient(HttpStatusCode status, string failure) => status >= HttpStatusCode.InternalServerError || status == HttpStatusCode.TooManyRequests
        || failure.StartsWith("Throttl", StringComparison.Ordinal) || failure.StartsWith("TooManyRequests", StringComparison.Ordinal) || failure.StartsWith("RequestLimitExceeded", StringComparison.Ordinal);

    private ConfigurationException Refused(IReadOnlyList<SecretReference> secrets, string failure) => new(
        $"{Names(secrets)} cannot be read ({failure}). The function's role needs ssm:GetParameters on {string.Join(" and ", secrets.Select(secret => $"parameter{secret.Parameter}"))} "
        + $"and secretsmanager:GetSecretValue on the secrets, in {credentials.Region}; a secret with a key of its own needs kms:Decrypt on that key.");

    private static string Names(IReadOnlyList<SecretReference> secrets) => string.Join(" and ", secrets.Select(secret => $"{secret.Setting} (secret '{secret.SecretName}')"));

    private static string Domain(string region) => region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";

    private static JsonNode? Parse(byte[] text)
    {
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // A proxy's page, not the service's answer: its status says enough.
            return null;
        }
    }
}
