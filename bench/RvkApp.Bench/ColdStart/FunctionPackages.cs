namespace RvkApp.Bench.ColdStart;

/// <summary>Builds the packages that a cold start is measured of.</summary>
internal static class FunctionPackages
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    /// <summary>The native and the ReadyToRun package as the AppHost publishes them (or the zips that the options name) and a framework-dependent one; unpacked below a directory.</summary>
    public static async Task<IReadOnlyList<FunctionPackage>> BuildAsync(BenchOptions options, string directory)
    {
        FunctionPackage[] packages = options.Packages.Count > 0
            ? [.. options.Packages.Select((zip, i) => FunctionPackage.Unpack(Path.GetFileNameWithoutExtension(zip), zip, Path.Combine(directory, $"package-{i}")))]
            : [await PublishedAsync("native", options, directory), await PublishedAsync("ready-to-run", options, directory)];
        return [.. packages, await FrameworkDependentAsync(directory)];
    }

    private static async Task<FunctionPackage> PublishedAsync(string kind, BenchOptions options, string directory)
    {
        Console.Error.WriteLine($"package {kind}, which the AppHost builds if the sources are new");
        var output = Path.Combine(directory, $"publish-{kind}");
        await Command.RunAsync(
            ["exec", Repository.Output("RvkApp.AppHost", options.Configuration), "--operation", "publish", "--step", "publish", "--output-path", output, $"--Aws:LambdaPackage={kind}"], Deadline);
        return FunctionPackage.Unpack(kind, Directory.EnumerateFiles(Path.Combine(output, "cdk.out"), "*.zip").Single(), Path.Combine(directory, kind));
    }

    private static async Task<FunctionPackage> FrameworkDependentAsync(string directory)
    {
        const string Name = "framework-dependent";
        Console.Error.WriteLine($"package {Name}");
        // Its intermediate files are its own: those of the checkout belong to whoever works there.
        var artifacts = Path.Combine(directory, "artifacts");
        await Command.RunAsync(
            ["publish", Path.Combine(Repository.Root, "RvkApp.Api"), "-c", "Release", "--artifacts-path", artifacts, "-p:UseAppHost=false", "-nodeReuse:false", "-p:UseSharedCompilation=false", "--nologo"],
            Deadline);
        var published = Path.Combine(directory, Name);
        Directory.Move(Path.Combine(artifacts, "publish", "RvkApp.Api", "release"), published);
        return FunctionPackage.Pack(Name, published);
    }
}
