using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using RvkApp.AppHost.Packaging;
using RvkApp.Tests.Support;

[assembly: AssemblyFixture(typeof(RvkApp.Tests.Aot.NativePublication))]
[assembly: AssemblyFixture(typeof(RvkApp.Tests.Aot.ReadyToRunPublication))]

namespace RvkApp.Tests.Aot;

/// <summary>
/// The API's Lambda package, unpacked. Built by the app host's own packager and once for all tests of a run, with the first that asks for it; when
/// the sources have not changed since the last one, not at all.
/// </summary>
public abstract class Publication : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<Task<Unpacked>> _unpacked;

    private protected Publication(LambdaPackageKind kind)
    {
        Package = new LambdaPackage(kind, "a test");
        _unpacked = new(UnpackAsync);
    }

    internal LambdaPackage Package { get; }

    /// <summary>Why the package cannot be built here; null when it can.</summary>
    public virtual string? SkipReason => null;

    /// <summary>The package's directory, its zip, and the lines with which the compiler warned.</summary>
    internal Task<Unpacked> UnpackedAsync() => _unpacked.Value;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _directory.Dispose();
    }

    private async Task<Unpacked> UnpackAsync()
    {
        var project = Path.Combine(Repository.Root, "RvkApp.Api", "RvkApp.Api.csproj");
        var built = await new LambdaPackageBuilder(Package, NullLogger.Instance).BuildAsync(project, CancellationToken.None);
        await ZipFile.ExtractToDirectoryAsync(built.Zip, _directory.Path);
        string[] diagnostics = [.. (await File.ReadAllLinesAsync(built.Log)).Select(line => line.Trim())
            .Where(line => line.Contains(": warning ", StringComparison.Ordinal) || line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
        return new Unpacked(_directory.Path, built.Zip, diagnostics);
    }
}

/// <summary>A package that is unpacked.</summary>
internal sealed record Unpacked(string Directory, string Zip, IReadOnlyList<string> Diagnostics);

/// <summary>The native package.</summary>
public sealed class NativePublication() : Publication(LambdaPackageKind.Native)
{
    public override string? SkipReason { get; } =
        NativeToolchain.Missing(OperatingSystem.IsLinux(), RuntimeInformation.OSArchitecture, Environment.GetEnvironmentVariable("PATH")) is { } missing
            ? $"The native package cannot be built: {missing}."
            : null;

    /// <summary>The native executable.</summary>
    internal async Task<string> ExecutableAsync() => Path.Combine((await UnpackedAsync()).Directory, "bootstrap");
}

/// <summary>The package for the managed runtime.</summary>
public sealed class ReadyToRunPublication() : Publication(LambdaPackageKind.ReadyToRun);
