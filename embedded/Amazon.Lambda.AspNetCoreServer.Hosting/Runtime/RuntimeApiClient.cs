using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// The client of the Lambda Runtime API, version 2018-06-01 (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html).
/// It blocks the calling thread, and handles one invocation at a time: not for use by several threads.
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
    private const int MaximumAnswerBytes = 64 * 1024;
    private const int ExcerptBytes = 512;
    // A larger body is sent after its head rather than copied behind it.
    private const int CopiedBytes = 64 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PostDeadline = TimeSpan.FromSeconds(30);

    private readonly RuntimeApiConnection _connection;
    private readonly Uri _base;
    private readonly byte[] _next;
    private readonly PooledBuffer _request = new(4 * 1024);
    private readonly PooledBuffer _answer = new(1024);
    private readonly ILogger _logger;
    private string? _functionArn;

    /// <summary>A client of the Runtime API at an address.</summary>
    /// <param name="address">The value of <see cref="AddressVariable"/>: <c>host:port</c>, optionally with a path.</param>
    /// <param name="logger">Hears about retries.</param>
    /// <exception cref="InvalidOperationException">The address is missing or malformed.</exception>
    public RuntimeApiClient(string? address, ILogger logger)
        : this(address, logger, PostDeadline)
    {
    }

    /// <param name="address">The address.</param>
    /// <param name="logger">Hears about retries.</param>
    /// <param name="ioTimeout">How long the Runtime API may take to send what it has begun to send, and to take or answer a post.</param>
    internal RuntimeApiClient(string? address, ILogger logger, TimeSpan ioTimeout)
    {
        _logger = logger;
        _base = BaseAddress(address);
        _next = Encoding.ASCII.GetBytes($"GET {_base.AbsolutePath}invocation/next HTTP/1.1\r\nHost: {_base.Authority}\r\n\r\n");
        _connection = new RuntimeApiConnection(_base.DnsSafeHost, _base.Port, ConnectTimeout, ioTimeout);
    }

    /// <summary>
    /// Waits for the next event, as long as it takes: between invocations Lambda freezes the process, so there is no meaningful timeout.
    /// </summary>
    /// <param name="body">Gets the event's JSON.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    /// <exception cref="OperationCanceledException">The waiting was given up.</exception>
    public Invocation Next(PooledBuffer body, CancellationToken cancellationToken)
    {
        using var interruption = cancellationToken.UnsafeRegister(static connection => ((RuntimeApiConnection)connection!).Interrupt(), _connection);
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                body.Reset();
                var status = Exchange(_next, default, waits: true, cancellationToken);
                if (status == 200)
                {
                    var invocation = Describe();
                    _connection.ReadBody(body, MaximumEventBytes);
                    return invocation;
                }

                ReadAnswer();
                if (!IsTransient(status) || attempt == Attempts)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API answered {status} to the request for the next invocation.");
                }

                LogRetry("invocation/next", attempt, $"status {status}");
            }
            catch (IOException exception)
            {
                _connection.Close();
                cancellationToken.ThrowIfCancellationRequested();
                if (attempt == Attempts)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API at {_base} cannot be used after {Attempts} attempts: {exception.Message}", exception);
                }

                LogRetry("invocation/next", attempt, exception.Message);
            }

            cancellationToken.WaitHandle.WaitOne(Pause(attempt));
        }
    }

    /// <summary>Posts the answer to an invocation.</summary>
    /// <returns>False when the Runtime API refused it, which is logged: the caller of the function has got an error by then.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    public bool Respond(string requestId, PooledBuffer body) => Post($"invocation/{Uri.EscapeDataString(requestId)}/response", body, JsonMediaType, errorType: null);

    /// <summary>Says that an invocation failed.</summary>
    /// <returns>False when the Runtime API refused it, which is logged.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached or says that this environment is over.</exception>
    public bool Fail(string requestId, FunctionError error) => PostError($"invocation/{Uri.EscapeDataString(requestId)}/error", error);

    /// <summary>Says that the function cannot start. The process has to end after that.</summary>
    /// <returns>False when the Runtime API refused it, which is logged.</returns>
    /// <exception cref="RuntimeApiException">The Runtime API cannot be reached.</exception>
    public bool FailInitialization(FunctionError error) => PostError("init/error", error);

    public void Dispose()
    {
        _connection.Dispose();
        _request.Dispose();
        _answer.Dispose();
    }

    private bool PostError(string path, FunctionError error)
    {
        using var body = new PooledBuffer(1024);
        error.WriteTo(body);
        return Post(path, body, ErrorMediaType, error.Type);
    }

    private bool Post(string path, PooledBuffer body, string mediaType, string? errorType)
    {
        WritePost(path, body, mediaType, errorType);
        var rest = body.Length <= CopiedBytes ? default : body.Written.Span;
        var deadline = Environment.TickCount64 + (long)PostDeadline.TotalMilliseconds;
        for (var attempt = 1; ; attempt++)
        {
            var isLast = attempt == Attempts || Environment.TickCount64 >= deadline;
            try
            {
                var status = Exchange(_request.Written.Span, rest, waits: false, CancellationToken.None);
                ReadAnswer();
                if (status is >= 200 and < 300)
                {
                    return true;
                }

                if (status == 500)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API answered 500 to {path}: this environment is over.");
                }

                if (!IsTransient(status) || isLast)
                {
                    LogRefused(path, status, Encoding.UTF8.GetString(_answer.WrittenSpan[..Math.Min(_answer.Length, ExcerptBytes)]));
                    return false;
                }

                LogRetry(path, attempt, $"status {status}");
            }
            catch (IOException exception)
            {
                _connection.Close();
                if (isLast)
                {
                    throw new RuntimeApiException($"The Lambda Runtime API did not take {path}: {exception.Message}", exception);
                }

                LogRetry(path, attempt, exception.Message);
            }

            Thread.Sleep(Pause(attempt));
        }
    }

    private void WritePost(string path, PooledBuffer body, string mediaType, string? errorType)
    {
        _request.Reset();
        var type = errorType is null ? "" : $"Lambda-Runtime-Function-Error-Type: {HeaderValue(errorType)}\r\n";
        var head = _request.GetSpan(512 + _base.AbsolutePath.Length + _base.Authority.Length + path.Length + type.Length);
        Utf8.TryWrite(
            head,
            CultureInfo.InvariantCulture,
            $"POST {_base.AbsolutePath}{path} HTTP/1.1\r\nHost: {_base.Authority}\r\nContent-Type: {mediaType}\r\nContent-Length: {body.Length}\r\n{type}\r\n",
            out var written);
        _request.Advance(written);
        if (body.Length <= CopiedBytes)
        {
            body.WrittenSpan.CopyTo(_request.GetSpan(body.Length));
            _request.Advance(body.Length);
        }
    }

    // The name of a type may have any letter; a header may not.
    private static string HeaderValue(string text) => string.Create(text.Length, text, static (value, text) =>
    {
        for (var i = 0; i < value.Length; i++)
        {
            value[i] = char.IsBetween(text[i], ' ', '~') ? text[i] : '?';
        }
    });

    // A kept connection may have been closed meanwhile, without anybody having seen the request: then it goes over a new one.
    private int Exchange(ReadOnlySpan<byte> request, ReadOnlySpan<byte> rest, bool waits, CancellationToken cancellationToken)
    {
        if (_connection.IsOpen)
        {
            try
            {
                return Send(request, rest, waits);
            }
            catch (ConnectionClosedException)
            {
                _connection.Close();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        _connection.Open();
        cancellationToken.ThrowIfCancellationRequested();
        return Send(request, rest, waits);
    }

    private int Send(ReadOnlySpan<byte> request, ReadOnlySpan<byte> rest, bool waits)
    {
        _connection.Send(request);
        _connection.Send(rest);
        return _connection.ReadHead(waits);
    }

    private void ReadAnswer()
    {
        _answer.Reset();
        _connection.ReadBody(_answer, MaximumAnswerBytes);
    }

    private Invocation Describe()
    {
        var deadline = _connection.Header("Lambda-Runtime-Deadline-Ms"u8);
        return new Invocation
        {
            RequestId = Header("Lambda-Runtime-Aws-Request-Id"u8) ?? throw new RuntimeApiException("The Lambda Runtime API gave an invocation without Lambda-Runtime-Aws-Request-Id."),
            Deadline = Utf8Parser.TryParse(deadline, out long milliseconds, out var read) && read == deadline.Length && milliseconds >= 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw new RuntimeApiException($"The Lambda Runtime API gave an invocation whose Lambda-Runtime-Deadline-Ms is '{Encoding.UTF8.GetString(deadline)}', not milliseconds since 1970."),
            TraceId = Header("Lambda-Runtime-Trace-Id"u8),
            FunctionArn = FunctionArn(),
            ClientContext = Header("Lambda-Runtime-Client-Context"u8),
            CognitoIdentity = Header("Lambda-Runtime-Cognito-Identity"u8),
            TenantId = Header("Lambda-Runtime-Aws-Tenant-Id"u8),
        };
    }

    private string? Header(ReadOnlySpan<byte> name) => _connection.Header(name) is { IsEmpty: false } value ? Encoding.UTF8.GetString(value) : null;

    // The same with nearly every invocation.
    private string? FunctionArn()
    {
        var value = _connection.Header("Lambda-Runtime-Invoked-Function-Arn"u8);
        return value.IsEmpty ? null
            : _functionArn is not null && Ascii.Equals(value, _functionArn) ? _functionArn
            : _functionArn = Encoding.UTF8.GetString(value);
    }

    private static bool IsTransient(int status) => status is 429 or 502 or 503 or 504;

    private static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        return pause < LongestPause ? pause : LongestPause;
    }

    private static Uri BaseAddress(string? address)
        => !string.IsNullOrWhiteSpace(address) && Uri.TryCreate($"http://{address.TrimEnd('/')}/2018-06-01/runtime/", UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException($"{AddressVariable} is '{address}': Lambda sets it to host and port of its Runtime API, for example 127.0.0.1:9001.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lambda Runtime API, {Path}: attempt {Attempt} failed ({Reason}), trying again")]
    private partial void LogRetry(string path, int attempt, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Lambda Runtime API refused {Path} with status {Status}: {Reason}")]
    private partial void LogRefused(string path, int status, string reason);
}
