using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>The dotnet executable of the runtime that runs the AppHost: what starts a managed assembly with the same runtime.</summary>
internal static class DotNetHost
{
    /// <summary>Its absolute path, or the bare name (for PATH) where the AppHost does not run on an installed runtime.</summary>
    public static string Path { get; } = Find();

    private static string Find()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // ROOT/shared/Microsoft.NETCore.App/VERSION/System.Private.CoreLib.dll
        var root = System.IO.Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        string?[] candidates =
        [
            System.IO.Path.Combine(root, name),
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"),
            Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } directory ? System.IO.Path.Combine(directory, name) : null,
        ];
        return Array.Find(candidates, File.Exists) ?? name;
    }
}
