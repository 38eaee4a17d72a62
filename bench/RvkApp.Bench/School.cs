using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace RvkApp.Bench;

/// <summary>A MongoDB server for one benchmark, with a password, and the settings with which the API uses it.</summary>
internal sealed class School : IAsyncDisposable
{
    private const string User = "admin";

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly string _password = RandomNumberGenerator.GetHexString(32);
    private readonly string _signingKey = RandomNumberGenerator.GetHexString(64);
    private readonly ProcessTree _server;
    private readonly int _port;

    private School(string directory)
    {
        _port = Ports.Free();
        _server = ProcessTree.Start(
            "dotnet",
            ["exec", Repository.Output("embedded/MongoDB.Embedded", "Release"), "--auth", "--dbpath", directory, "--port", _port.ToString(CultureInfo.InvariantCulture)],
            directory,
            new Dictionary<string, string> { ["MONGO_INITDB_ROOT_USERNAME"] = User, ["MONGO_INITDB_ROOT_PASSWORD"] = _password });
    }

    /// <summary>What the API is configured with: where the data is, its signing key, and the first admin.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["ConnectionStrings__school"] = $"mongodb://{User}:{_password}@127.0.0.1:{_port}/school?authSource=admin&authMechanism=SCRAM-SHA-256",
        ["Jwt__SigningKey"] = _signingKey,
        ["Admin__Email"] = "admin@school.example",
        ["Admin__Password"] = _password,
        ["DOTNET_ENVIRONMENT"] = "Production",
    };

    /// <summary>A token such as the API issues to a user who is no admin, valid for an hour.</summary>
    public string Token => field ??= Tokens.Sign(_signingKey);

    /// <summary>Starts the server on an empty directory.</summary>
    /// <exception cref="InvalidOperationException">It does not come up.</exception>
    public static async Task<School> StartAsync(string directory)
    {
        Directory.CreateDirectory(directory);
        var school = new School(directory);
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (!await school.AcceptsAsync(deadline.Token))
        {
            if (school._server.HasExited || deadline.IsCancellationRequested)
            {
                var output = school._server.LastOutput;
                await school.DisposeAsync();
                throw new InvalidOperationException($"The MongoDB server did not listen within {StartDeadline.TotalSeconds:0} s:{Environment.NewLine}{output}");
            }

            await Task.Delay(20);
        }

        return school;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<bool> AcceptsAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}

/// <summary>Bearer tokens of the API: JWTs with HS256.</summary>
internal static class Tokens
{
    /// <summary>A token for a user who is no admin. Reads do not look the user up.</summary>
    public static string Sign(string key)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var head = Part("""{"alg":"HS256","typ":"JWT"}"""u8);
        var claims = Part(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $$"""{"sub":"000000000000000000000001","role":"user","jti":"{{Guid.NewGuid():N}}","iss":"rvkapp","aud":"rvkapp-api","iat":{{now}},"exp":{{now + 3600}}}""")));
        return $"{head}.{claims}.{Part(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes($"{head}.{claims}")))}";
    }

    private static string Part(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
