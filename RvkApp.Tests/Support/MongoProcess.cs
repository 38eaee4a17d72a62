using System.Globalization;
using System.Text.RegularExpressions;

namespace RvkApp.Tests.Support;

/// <summary>MongoDB as a process of a test, with one user.</summary>
internal static partial class MongoProcess
{
    public const string User = "admin";

    /// <param name="data">Where its files are.</param>
    /// <param name="password">The user's password.</param>
    /// <param name="port">Where it listens; 0 for any free port.</param>
    public static Task<ServerProcess> StartAsync(string data, string password, int port = 0) => ServerProcess.StartAsync(
        "dotnet",
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "MongoDB.Embedded.dll"),
            "--dbpath", data, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind_ip", "127.0.0.1", "--auth",
        ],
        new Dictionary<string, string> { ["MONGO_INITDB_ROOT_USERNAME"] = User, ["MONGO_INITDB_ROOT_PASSWORD"] = password },
        Listening());

    public static string ConnectionString(int port, string password)
        => $"mongodb://{User}:{Uri.EscapeDataString(password)}@127.0.0.1:{port}/school?authSource=admin&authMechanism=SCRAM-SHA-256";

    // {"t":{…},"s":"I","c":"NETWORK",…,"msg":"Waiting for connections","attr":{"port":41234,…}}
    [GeneratedRegex(@"""Waiting for connections"".*""port"":\s*(\d+)")]
    private static partial Regex Listening();
}
