using System.Globalization;

namespace MongoDB.Embedded.Commands;

/// <summary>The server that this one answers as.</summary>
internal static class ServerInfo
{
    public const string Version = "7.0.16";
    public const string FeatureCompatibilityVersion = "7.0";

    public static readonly int[] VersionArray = [.. Version.Split('.').Select(p => int.Parse(p, CultureInfo.InvariantCulture)), 0];

    /// <summary>The version of this program.</summary>
    public static string ProductVersion { get; } = typeof(ServerInfo).Assembly.GetName().Version?.ToString(3) ?? "0";
}
