using System.Runtime.InteropServices;

namespace RvkApp.AppHost.Packaging;

/// <summary>Whether this machine can compile for Amazon Linux on x64 natively.</summary>
internal static class NativeToolchain
{
    /// <summary>The commands that the SDK links with, in the order in which it looks for them.</summary>
    public static readonly string[] Linkers = ["clang", "gcc"];

    /// <summary>What is missing, as the end of a sentence; null when nothing is.</summary>
    public static string? Missing(bool isLinux, Architecture architecture, string? path)
        => !isLinux || architecture != Architecture.X64 ? "this machine is not Linux on x64, and Native AOT does not compile for another system"
            : Linkers.All(linker => Find(linker, path) is null) ? "neither clang nor gcc is on PATH, and Native AOT links with one of them (Debian: apt-get install gcc)"
            : null;

    /// <summary>The file that a command on PATH is; null when there is none.</summary>
    public static string? Find(string command, string? path) => (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);
}
