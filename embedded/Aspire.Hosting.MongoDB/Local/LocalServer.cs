using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>The process that takes the place of a MongoDB server's container.</summary>
/// <param name="server">The server in the model.</param>
/// <param name="options">Which engine, and where volumes are.</param>
/// <param name="passwordKey">The configuration key of the password, for messages.</param>
/// <param name="passwordIsGenerated">Whether the password comes by itself when that key is not set.</param>
internal sealed class LocalServer(MongoDBServerResource server, LocalMongoOptions options, string passwordKey, bool passwordIsGenerated) : IDisposable
{
    public const string UserNameVariable = "MONGO_INITDB_ROOT_USERNAME";
    public const string PasswordVariable = "MONGO_INITDB_ROOT_PASSWORD";

    private readonly Lock _lock = new();
    private string? _temporary;

    /// <summary>The directory that keeps the server's data, as the model now has it, if one does.</summary>
    /// <exception cref="DistributedApplicationException">The model's mount cannot be a directory of this machine.</exception>
    public DataDirectory? KeptDirectory => DataDirectory.Of(server, options.VolumesPath);

    /// <summary>What runs.</summary>
    public MongoEngine Engine => options.Engine;

    /// <summary>Whether the password comes by itself when it is not configured.</summary>
    public bool PasswordIsGenerated => passwordIsGenerated;

    /// <summary>Makes the volume ready and says what to run on it.</summary>
    /// <exception cref="DistributedApplicationException">The volume cannot be made or opened, or there is nothing to run; the message says why and what to do.</exception>
    public ProcessSpec Prepare(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments, int port)
    {
        var isMongod = options.Engine == MongoEngine.Mongod;
        var executable = isMongod ? FindMongod() : FindEmbeddedServer();
        var kept = KeptDirectory;
        var directory = kept ?? new DataDirectory(TemporaryDirectory(), VolumeName: null);
        directory.Create();
        if (kept is not null && Credential(environment) is { } credential)
        {
            Agree(kept, credential);
        }

        var all = new List<string> { "--dbpath", directory.Path, "--port", port.ToString(CultureInfo.InvariantCulture), "--bind_ip", "127.0.0.1" };
        if (server.PasswordParameter is not null)
        {
            all.Add("--auth");
        }

        all.AddRange(arguments);
        return isMongod
            ? new ProcessSpec(server.Name, executable, all, directory.Path, WithoutCredential(environment))
            : new ProcessSpec(server.Name, DotNetHost.Path, ["exec", executable, .. all], directory.Path, environment);
    }

    /// <summary>Keeps the credential in a volume that had none, once a server has accepted it.</summary>
    public void Remember(string userName, string password)
    {
        if (KeptDirectory is { } directory)
        {
            new VolumeCredential(userName, password).StoreIfAbsent(directory.Path);
        }
    }

    /// <summary>What to tell a person whose password is not the one that the data was made with.</summary>
    public string ExplainMismatch()
    {
        if (KeptDirectory is not { } directory)
        {
            return $"The server '{server.Name}' refuses the user name or the password that it was started with.";
        }

        var file = VolumeCredential.PathIn(directory.Path);
        var back = !File.Exists(file) ? "set it back to the one that it was made with"
            : passwordIsGenerated ? $"remove that setting to use the volume's own, which is in {file}"
            : $"set it back to the volume's own, which is in {file}";
        return $"The {directory.Description} was made with another user name or another password than {passwordKey} has now: {back}, or delete the directory to start empty.";
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_temporary is not null)
            {
                Directory.Delete(_temporary, recursive: true);
                _temporary = null;
            }
        }
    }

    private static VolumeCredential? Credential(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue(UserNameVariable, out var userName) && environment.TryGetValue(PasswordVariable, out var password)
            ? new VolumeCredential(userName, password)
            : null;

    // mongod does not read these variables; the first user is made over a connection. So they need not be where others can read them.
    private static Dictionary<string, string> WithoutCredential(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(v => v.Key is not (UserNameVariable or PasswordVariable)).ToDictionary();

    private void Agree(DataDirectory directory, VolumeCredential credential)
    {
        var stored = VolumeCredential.Read(directory.Path);
        if (stored is null)
        {
            // With data but without a credential file the server has to judge; then Remember keeps what it accepted.
            stored = directory.HasData ? credential : credential.StoreIfAbsent(directory.Path);
        }

        if (stored == credential)
        {
            return;
        }

        if (directory.HasData && !stored.Matches(credential.UserName!, credential.Password))
        {
            throw new DistributedApplicationException(ExplainMismatch());
        }

        // No server has made its first user with the stored one yet, or it lacks the user's name.
        credential.Replace(directory.Path);
    }

    private string TemporaryDirectory()
    {
        lock (_lock)
        {
            return _temporary ??= Directory.CreateTempSubdirectory($"{server.Name}-").FullName;
        }
    }

    private static string FindEmbeddedServer()
    {
        var path = Path.Combine(Path.GetDirectoryName(typeof(LocalServer).Assembly.Location)!, "MongoDB.Embedded.dll");
        return File.Exists(path)
            ? path
            : throw new DistributedApplicationException($"The embedded MongoDB server '{path}' is missing: build the app host again, or set {LocalMongoOptions.EngineKey} to 'mongod' or 'container'.");
    }

    private static string FindMongod()
    {
        var name = OperatingSystem.IsWindows() ? "mongod.exe" : "mongod";
        var path = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return path.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
            ?? throw new DistributedApplicationException($"{LocalMongoOptions.EngineKey} is 'mongod', but there is no mongod on PATH: install MongoDB, or set it to 'embedded'.");
    }
}
