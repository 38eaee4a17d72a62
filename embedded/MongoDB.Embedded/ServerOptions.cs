using System.Globalization;
using System.Net;

namespace MongoDB.Embedded;

/// <summary>The command line cannot be understood; the message says which argument and what it may be.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What a server is started with. Defaults suit a laptop.</summary>
internal sealed record ServerOptions
{
    public const string UserVariable = "MONGO_INITDB_ROOT_USERNAME";
    public const string PasswordVariable = "MONGO_INITDB_ROOT_PASSWORD";

    public required string DbPath { get; init; }

    /// <summary>TCP port; 0 takes any free one.</summary>
    public int Port { get; init; } = 27017;

    public IPAddress BindIp { get; init; } = IPAddress.Loopback;

    /// <summary>True refuses every command but the handshake before a sign-in.</summary>
    public bool Auth { get; init; }

    /// <summary>First user, created when there is none; null when the environment names none.</summary>
    public string? RootUser { get; init; }

    public string? RootPassword { get; init; }

    public int MaxConnections { get; init; } = 1000;

    public int CacheSizeMB { get; init; } = 32;

    public int WriteBufferSizeMB { get; init; } = 16;

    public TimeSpan TtlInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Operations that take longer are logged.</summary>
    public TimeSpan SlowOperation { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan CursorTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public int MaxCursors { get; init; } = 5000;

    /// <summary>How long a shutdown waits for operations under way.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public const string Help = """
        MongoDB.Embedded: a MongoDB wire-protocol server over an embedded storage engine.

        Usage: MongoDB.Embedded --dbpath DIR [options]

          --dbpath DIR               data directory; the files are in DIR/embedded (required)
          --port N                   TCP port, 0 for any free one (default 27017)
          --bind_ip ADDRESS          IP address to listen on (default 127.0.0.1)
          --auth                     require a sign-in
          --maxConns N               connections at a time, 1..20000 (default 1000)
          --cacheSizeMB N            block cache, 8..65536 (default 32)
          --writeBufferSizeMB N      memory table, 2..1024 (default 16)
          --ttlMonitorSleepSecs N    seconds between sweeps of expired documents, 1..86400 (default 60)
          --cursorTimeoutMillis N    idle time after which a cursor is closed (default 600000)
          --slowms N                 log operations that take longer, in milliseconds (default 100)
          --help, --version

        Environment:
          MONGO_INITDB_ROOT_USERNAME, MONGO_INITDB_ROOT_PASSWORD
                                     first user, created in admin with role root when the data directory has no user

        Exit codes: 0 stopped by SIGTERM or SIGINT; 2 bad arguments; 48 address in use; 100 the data directory cannot be used.
        """;

    /// <summary>
    /// <para><paramref name="environment"/>: Looks up an environment variable.</para>
    /// </summary>
    /// <exception cref="UsageException">An argument is unknown, repeated, or out of range.</exception>
    public static ServerOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string? value = null;
            if (name.StartsWith("--", StringComparison.Ordinal) && name.IndexOf('=', StringComparison.Ordinal) is int equals and > 0)
            {
                value = name[(equals + 1)..];
                name = name[..equals];
            }
            if (name == "--auth")
            {
                value ??= "true";
            }
            else if (!Known.Contains(name))
            {
                throw new UsageException($"Unknown argument '{arguments[i]}'; see --help.");
            }
            value ??= ++i < arguments.Count ? arguments[i] : throw new UsageException($"{name} needs a value; see --help.");
            if (!values.TryAdd(name, value))
            {
                throw new UsageException($"{name} is given twice.");
            }
        }

        if (!values.TryGetValue("--dbpath", out string? dbPath) || dbPath.Length == 0)
        {
            throw new UsageException("--dbpath is missing: name the directory for the data.");
        }
        string? user = NullIfEmpty(environment(UserVariable));
        string? password = NullIfEmpty(environment(PasswordVariable));
        if (user is null != password is null)
        {
            throw new UsageException($"{UserVariable} and {PasswordVariable} have to be set both or neither.");
        }
        return new ServerOptions
        {
            DbPath = dbPath,
            Port = Number("--port", 27017, 0, 65535),
            BindIp = Address(),
            Auth = Flag("--auth"),
            RootUser = user,
            RootPassword = password,
            MaxConnections = Number("--maxConns", 1000, 1, 20000),
            CacheSizeMB = Number("--cacheSizeMB", 32, 8, 65536),
            WriteBufferSizeMB = Number("--writeBufferSizeMB", 16, 2, 1024),
            TtlInterval = TimeSpan.FromSeconds(Number("--ttlMonitorSleepSecs", 60, 1, 86400)),
            CursorTimeout = TimeSpan.FromMilliseconds(Number("--cursorTimeoutMillis", 600_000, 1, int.MaxValue)),
            SlowOperation = TimeSpan.FromMilliseconds(Number("--slowms", 100, 0, int.MaxValue)),
        };

        int Number(string name, int fallback, int minimum, int maximum)
        {
            if (!values.TryGetValue(name, out string? text))
            {
                return fallback;
            }
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum
                ? number
                : throw new UsageException($"{name} is '{text}': it has to be a whole number from {minimum} to {maximum}.");
        }

        bool Flag(string name) => values.GetValueOrDefault(name, "false") switch
        {
            "true" => true,
            "false" => false,
            string other => throw new UsageException($"{name} is '{other}': it has to be true or false."),
        };

        IPAddress Address()
        {
            string text = values.GetValueOrDefault("--bind_ip", "127.0.0.1");
            return text == "localhost" ? IPAddress.Loopback
                : IPAddress.TryParse(text, out IPAddress? address) ? address
                : throw new UsageException($"--bind_ip is '{text}': it has to be an IP address such as 127.0.0.1.");
        }
    }

    private static readonly HashSet<string> Known =
    [
        "--dbpath", "--port", "--bind_ip", "--maxConns", "--cacheSizeMB", "--writeBufferSizeMB", "--ttlMonitorSleepSecs",
        "--cursorTimeoutMillis", "--slowms",
    ];

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
