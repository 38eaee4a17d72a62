namespace Aspire.Hosting.Orchestration;

/// <summary>Where files that outlive a run are kept.</summary>
internal static class EmbeddedPaths
{
    /// <summary><c>aspire-embedded</c> under the user's local application data.</summary>
    public static string LocalApplicationData { get; } = Path.Combine(BaseDirectory(), "aspire-embedded");

    private static string BaseDirectory()
    {
        var directory = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        // A user without a home directory (a service account, a bare container) still deserves a working AppHost.
        return directory.Length > 0 ? directory : Path.Combine(Path.GetTempPath(), Environment.UserName);
    }
}
