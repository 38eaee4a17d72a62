using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// The client of the Lambda Runtime API, version 2018-06-01 (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// One invocation at a time: not for use by several threads.
/// </summary>
internal sealed partial class RuntimeApiClient : IDisposable
{
    /// <summary>The variable with host and port of the Runtime API, and in emulators a path after them.</summary>
    public const string AddressVariable = "AWS_LAMBDA_RUNTIME_API";

    /// <summary>The largest event that is read, in bytes. Lambda's quota is 6 MB; what is beyond it is not from Lambda.</summary>
    public const int MaximumEventBytes = 8 * 1024 * 1024;

    private const string JsonMediaType = "application/json";
    private const string ErrorMediaType = "application/vnd.aws.lambda.error+json";
    private const int Attempts = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PostDeadline = TimeSpan.FromSeconds(30);
    private static readonly MediaTypeHeaderValue Json = new(JsonMediaType);
    private static readonly MediaTypeHeaderValue Error = new(ErrorMediaType);

    private readonly HttpMessageInvoker _http;
    private readonly string _base;
    private readonly Uri _next;
    private readonly ILogger _logger;

    /// <summary>A client of the Runtime API at an address.</summary>
    /// <param name="address">The value of <see cref="AddressVariable"/>: <c>host:port</c>, optionally with a path.</param>
    /// <param name="logger">Hears about retries.</param>
    /// <exception cref="InvalidOperationException">The address is missing or malformed.</exception>
    public RuntimeApiClient(string? address, ILogger logger)
    {
        _logger = logger;
        _base = BaseAddress(address);
        _next = new Uri(_base + "invocation/next");
        // One connection that lives as long as the process; none of what HttpClient adds for talking to the Internet.
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
        });
    }

    /// <summary>
    /// Waits for the next event, as long as it takes: between invocations Lambda freezes the process, so there is no meaningful timeout.
    /// </summary>
    /// <param name="body">Gets the event's JSON.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    public async Task<Invocation> NextAsync(PooledBuffer body, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                body.Reset();
                using var request = Request(HttpMethod.Get, _next);
                using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    await ReadAsync(response.Content, body, cancellationToken).ConfigureAwait(false);
                    return Describe(response.Headers);
                }

                if (!IsTransient(response.StatusCode) || attempt == Attempts)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API answered {(int)response.StatusCode} to the request for the next invocation.");
                }

                LogRetry("invocation/next", attempt, $"status {(int)response.StatusCode}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException && attempt < Attempts)
            {
                LogRetry("invocation/next", attempt, exception.Message);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                throw new RuntimeApiException($"The Lambda Runtime API at {_base} cannot be reached after {Attempts} attempts: {exception.Message}", exception);
            }

            await Task.Delay(Pause(attempt), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Posts the answer to an invocation.</summary>
    /// <returns>False when the Runtime API refused it, which is logged: the caller of the function has got an error by then.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    public Task<bool> RespondAsync(string requestId, PooledBuffer body, CancellationToken cancellationToken)
        => PostAsync($"invocation/{requestId}/response", body, Json, errorType: null, cancellationToken);

    /// <summary>Says that an invocation failed.</summary>
    /// <returns>False when the Runtime API refused it, which is logged.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    public Task<bool> FailAsync(string requestId, FunctionError error, CancellationToken cancellationToken)
        => PostErrorAsync($"invocation/{requestId}/error", error, cancellationToken);

    /// <summary>Says that the function cannot start. The process has to end after that.</summary>
    public Task<bool> FailInitializationAsync(FunctionError error, CancellationToken cancellationToken)
        => PostErrorAsync("init/error", error, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<bool> PostErrorAsync(string path, FunctionError error, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer(1024);
        error.WriteTo(body);
        return await PostAsync(path, body, Error, error.Type, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> PostAsync(string path, PooledBuffer body, MediaTypeHeaderValue mediaType, string? errorType, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(PostDeadline);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = Request(HttpMethod.Post, new Uri(_base + path));
                request.Content = new ByteArrayContent(body.Array, 0, body.Length) { Headers = { ContentType = mediaType } };
                if (errorType is not null)
                {
                    request.Headers.TryAddWithoutValidation("Lambda-Runtime-Function-Error-Type", errorType);
                }

                using var response = await _http.SendAsync(request, deadline.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    return true;
                }

                if (response.StatusCode == HttpStatusCode.InternalServerError)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API answered 500 to {path}: this environment is over.");
                }

                if (!IsTransient(response.StatusCode) || attempt == Attempts)
                {
                    LogRefused(path, (int)response.StatusCode, await ExcerptAsync(response.Content, deadline.Token).ConfigureAwait(false));
                    return false;
                }

                LogRetry(path, attempt, $"status {(int)response.StatusCode}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException && attempt < Attempts)
            {
                LogRetry(path, attempt, exception.Message);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new RuntimeApiException($"The Lambda Runtime API did not take {path}: {exception.Message}", exception);
            }

            await Task.Delay(Pause(attempt), cancellationToken).ConfigureAwait(false);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri uri)
        => new(method, uri) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static bool IsTransient(HttpStatusCode status)
        => status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    private static async Task ReadAsync(HttpContent content, PooledBuffer body, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > MaximumEventBytes)
        {
            throw new RuntimeApiException($"The event has {content.Headers.ContentLength} bytes; Lambda's events have at most {MaximumEventBytes}.");
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var hint = (int)(content.Headers.ContentLength ?? 4096) + 1;
        for (int read; (read = await stream.ReadAsync(body.GetMemory(hint), cancellationToken).ConfigureAwait(false)) > 0; hint = 1)
        {
            body.Advance(read);
            if (body.Length > MaximumEventBytes)
            {
                throw new RuntimeApiException($"The event has more than {MaximumEventBytes} bytes, the most that Lambda's events have.");
            }
        }
    }

    private static Invocation Describe(HttpResponseHeaders headers)
    {
        var deadline = Header("Lambda-Runtime-Deadline-Ms");
        return new Invocation(
            Header("Lambda-Runtime-Aws-Request-Id") ?? throw new RuntimeApiException("The Lambda Runtime API gave an invocation without Lambda-Runtime-Aws-Request-Id."),
            long.TryParse(deadline, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw new RuntimeApiException($"The Lambda Runtime API gave an invocation whose Lambda-Runtime-Deadline-Ms is '{deadline}', not milliseconds since 1970."),
            Header("Lambda-Runtime-Trace-Id"),
            Header("Lambda-Runtime-Invoked-Function-Arn"));

        string? Header(string name) => headers.NonValidated.TryGetValues(name, out var values) && values.Count > 0 ? values.ToString() : null;
    }

    private static async Task<string> ExcerptAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var excerpt = new byte[512];
        var length = await stream.ReadAtLeastAsync(excerpt, excerpt.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(excerpt, 0, length);
    }

    private static string BaseAddress(string? address)
        => !string.IsNullOrWhiteSpace(address) && Uri.TryCreate($"http://{address.TrimEnd('/')}/2018-06-01/runtime/", UriKind.Absolute, out var uri)
            ? uri.AbsoluteUri
            : throw new InvalidOperationException($"{AddressVariable} is '{address}': Lambda sets it to host and port of its Runtime API, for example 127.0.0.1:9001.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lambda Runtime API, {Path}: attempt {Attempt} failed ({Reason}), trying again")]
    private partial void LogRetry(string path, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Lambda Runtime API refused {Path} with status {Status}: {Reason}")]
    private partial void LogRefused(string path, int status, string reason);
}
