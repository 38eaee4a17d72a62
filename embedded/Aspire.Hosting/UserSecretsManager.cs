using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting;

/// <summary>The user secrets of the app host: a file in the user's profile, outside the source tree.</summary>
[Experimental("ASPIREUSERSECRETS001", UrlFormat = "https://aka.ms/aspire/diagnostics/{0}")]
public interface IUserSecretsManager
{
    /// <summary>Whether the app host has a user secrets id.</summary>
    bool IsAvailable { get; }

    /// <summary>The file; empty when there is none.</summary>
    string FilePath { get; }

    /// <summary>Sets a secret.</summary>
    /// <param name="name">Its configuration key.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Whether it could be stored.</returns>
    bool TrySetSecret(string name, string value);

    /// <summary>Removes a secret.</summary>
    /// <param name="name">Its configuration key.</param>
    /// <returns>Whether it was there and could be removed.</returns>
    bool TryDeleteSecret(string name);

    /// <summary>Makes sure that a configuration key has a value: makes one and stores it when there is none.</summary>
    /// <param name="configuration">The configuration, which has the value afterwards.</param>
    /// <param name="name">The key.</param>
    /// <param name="valueGenerator">Makes a value.</param>
    void GetOrSetSecret(IConfigurationManager configuration, string name, Func<string> valueGenerator);
}

/// <inheritdoc cref="IUserSecretsManager"/>
/// <remarks>App hosts started at the same time, in one process or in several, agree on a value: the file is read again and changed under a lock.</remarks>
internal sealed class UserSecretsManager : IUserSecretsManager
{
    private static readonly Lock ProcessLock = new();
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public UserSecretsManager(Assembly? assembly)
    {
        var id = assembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
        FilePath = id is null ? "" : PathHelper.GetSecretsPathFromSecretsId(id);
    }

    public bool IsAvailable => FilePath.Length > 0;

    public string FilePath { get; }

    public bool TrySetSecret(string name, string value) => TryChange(secrets =>
    {
        secrets[name] = value;
        return true;
    });

    public bool TryDeleteSecret(string name) => TryChange(secrets => secrets.Remove(name));

    public void GetOrSetSecret(IConfigurationManager configuration, string name, Func<string> valueGenerator)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueGenerator);
        if (configuration[name] is not null)
        {
            return;
        }

        string? value = null;
        if (IsAvailable)
        {
            // Not quietly: a generated password that cannot be kept locks the user out of their data at the next start.
            Change(secrets =>
            {
                value = secrets[name]?.GetValue<string>();
                if (value is not null)
                {
                    return false;
                }

                secrets[name] = value = valueGenerator();
                return true;
            });
        }

        configuration[name] = value ?? valueGenerator();
    }

    private bool TryChange(Func<JsonObject, bool> change)
    {
        try
        {
            return IsAvailable && Change(change);
        }
        catch (DistributedApplicationException)
        {
            return false;
        }
    }

    private bool Change(Func<JsonObject, bool> change)
    {
        try
        {
            lock (ProcessLock)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
                using var fileLock = AcquireFileLock();
                var secrets = Read();
                if (!change(secrets))
                {
                    return false;
                }

                Write(secrets);
                return true;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DistributedApplicationException($"The user secrets file '{FilePath}' cannot be changed: {exception.Message}", exception);
        }
    }

    private JsonObject Read()
    {
        if (!File.Exists(FilePath))
        {
            return [];
        }

        var text = File.ReadAllText(FilePath);
        return string.IsNullOrWhiteSpace(text)
            ? []
            : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }) as JsonObject
              ?? throw new JsonException("it does not contain a JSON object");
    }

    private void Write(JsonObject secrets)
    {
        // Written beside and then renamed: a crash leaves the old file or the new one.
        var temporary = $"{FilePath}.{Environment.ProcessId}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, secrets, Indented);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, FilePath, overwrite: true);
    }

    private FileStream AcquireFileLock()
    {
        var path = $"{FilePath}.lock";
        var deadline = Environment.TickCount64 + (long)LockTimeout.TotalMilliseconds;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 < deadline)
            {
                // There is no portable way to be told when a file is unlocked.
                Thread.Sleep(20);
            }
        }
    }
}
