using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.MongoDB.Local;

/// <summary>
/// The password of a server whose parameter is not configured: the one that the volume was made with, or for a new volume the one in the
/// user secrets, or a new one. A new one is kept in both places.
/// </summary>
/// <remarks>
/// The user secrets are part of the configuration in the Development environment; a password there then counts as configured. In every
/// other environment, and with a new profile, the volume's own credential is what opens it.
/// </remarks>
/// <param name="configurationKey">The key of the parameter, in configuration and user secrets.</param>
/// <param name="userName">The root user's name, if it is known while the model is built.</param>
/// <param name="dataDirectory">Finds the directory that keeps the server's data, if one does; called when the value is first needed, when the model is complete.</param>
/// <param name="userSecrets">The app host's user secrets.</param>
/// <param name="generated">Makes a new password.</param>
internal sealed class VolumePassword(
    string configurationKey,
    string? userName,
    Func<DataDirectory?> dataDirectory,
    IUserSecretsManager userSecrets,
    ParameterDefault generated) : ParameterDefault
{
    /// <inheritdoc/>
    public override string GetDefaultValue()
    {
        if (dataDirectory() is not { } directory)
        {
            // The data ends with this run, and so may the password.
            return generated.GetDefaultValue();
        }

        if (VolumeCredential.Read(directory.Path) is { } stored)
        {
            return stored.Password;
        }

        if (directory.HasData)
        {
            return KeptInUserSecrets(() => throw new DistributedApplicationException(
                $"The {directory.Description} holds data but not the credential that opens it: set {configurationKey} to the password that it was made with, or delete the directory to start empty."));
        }

        directory.Create();
        // Another app host may be making the same volume at this moment: then its password is the volume's.
        return new VolumeCredential(userName, KeptInUserSecrets(generated.GetDefaultValue)).StoreIfAbsent(directory.Path).Password;
    }

    // The manager looks at the configuration that it is given and then at its file; the app host's own has been looked at before.
    private string KeptInUserSecrets(Func<string> make)
    {
        using var nothingConfigured = new ConfigurationManager();
        userSecrets.GetOrSetSecret(nothingConfigured, configurationKey, make);
        return nothingConfigured[configurationKey]!;
    }
}
