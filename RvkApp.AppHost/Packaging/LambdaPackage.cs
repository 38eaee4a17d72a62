using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;

namespace RvkApp.AppHost.Packaging;

/// <summary>How the API is compiled for Lambda.</summary>
internal enum LambdaPackageKind
{
    /// <summary>Native AOT: an executable named <c>bootstrap</c>, for the runtime <c>provided.al2023</c>.</summary>
    Native,

    /// <summary>Assemblies with machine code beside their IL, for the managed runtime <c>dotnet10</c>.</summary>
    ReadyToRun,
}

/// <summary>Which package the function gets, and the settings of the function that fit it.</summary>
/// <param name="Kind">How the API is compiled.</param>
/// <param name="Reason">Why, as a sentence for the person who publishes.</param>
internal sealed record LambdaPackage(LambdaPackageKind Kind, string Reason)
{
    /// <summary>The setting that chooses for the cloud: <c>native</c> (default) or <c>ready-to-run</c>.</summary>
    public const string Setting = "Aws:LambdaPackage";

    /// <summary>
    /// The setting that chooses for a run on this machine: <c>project</c> (default) is no package but what the build has made, <c>aot</c> and
    /// <c>ready-to-run</c> are the packages that are deployed.
    /// </summary>
    public const string RunSetting = "Lambda:Package";

    /// <summary>The handler without a package: the assembly with the entry point (Lambda, "executable assembly" handlers).</summary>
    public const string ProjectHandler = "RvkApp.Api";

    private const string AotWord = "aot";
    private const string NativeWord = "native";
    private const string ReadyToRunWord = "ready-to-run";

    /// <summary>The architecture of the function, as Lambda calls it.</summary>
    public const string Architecture = "x86_64";

    /// <summary>The identifier of the runtime that is compiled for.</summary>
    public const string RuntimeIdentifier = "linux-x64";

    /// <summary>The function's handler: the executable, or the assembly with the entry point.</summary>
    public string Handler => Kind == LambdaPackageKind.Native ? "bootstrap" : ProjectHandler;

    /// <summary>The function's runtime, as Lambda calls it.</summary>
    public string Runtime => Kind == LambdaPackageKind.Native ? "provided.al2023" : "dotnet10";

    /// <summary>The kind as settings and file names call it.</summary>
    public string Word => Kind == LambdaPackageKind.Native ? NativeWord : ReadyToRunWord;

    /// <summary>Chooses by configuration, and by what this machine can compile.</summary>
    /// <exception cref="DistributedApplicationException">The setting has another value, or asks for what this machine cannot do.</exception>
    public static LambdaPackage Choose(IConfiguration configuration)
        => Choose(configuration[Setting]?.Trim(), MissingForNative());

    /// <summary>Chooses what a run on this machine has of the function; null is what the build has made.</summary>
    /// <exception cref="DistributedApplicationException">The setting has another value, or asks for what this machine cannot do.</exception>
    public static LambdaPackage? ChooseForRun(IConfiguration configuration) => new SettingReader(configuration).Choice(RunSetting, "project", AotWord, ReadyToRunWord) switch
    {
        AotWord when MissingForNative() is { } missing => throw new DistributedApplicationException($"{RunSetting} is {AotWord}, but {missing}. Provide it, or set {RunSetting} to {ReadyToRunWord}."),
        AotWord => new(LambdaPackageKind.Native, $"{RunSetting} is {AotWord}"),
        ReadyToRunWord => new(LambdaPackageKind.ReadyToRun, $"{RunSetting} is {ReadyToRunWord}"),
        _ => null,
    };

    /// <summary>Chooses for the cloud.</summary>
    /// <param name="wanted">The setting; null or empty when it is not set.</param>
    /// <param name="missing">Why this machine cannot compile natively; null when it can.</param>
    /// <exception cref="DistributedApplicationException">The setting has another value, or asks for what this machine cannot do.</exception>
    internal static LambdaPackage Choose(string? wanted, string? missing) => (wanted?.ToLowerInvariant(), missing) switch
    {
        (ReadyToRunWord, _) => new(LambdaPackageKind.ReadyToRun, $"{Setting} is {ReadyToRunWord}"),
        (NativeWord, null) => new(LambdaPackageKind.Native, $"{Setting} is {NativeWord}"),
        (NativeWord, _) => throw new DistributedApplicationException($"{Setting} is {NativeWord}, but {missing}. Provide it, or set {Setting} to {ReadyToRunWord}."),
        (null or "", null) => new(LambdaPackageKind.Native, "the default"),
        (null or "", _) => new(LambdaPackageKind.ReadyToRun, $"ReadyToRun instead of Native AOT, because {missing}"),
        _ => throw new DistributedApplicationException($"The setting {Setting} is '{wanted}': use {NativeWord} or {ReadyToRunWord}."),
    };

    private static string? MissingForNative()
        => NativeToolchain.Missing(OperatingSystem.IsLinux(), RuntimeInformation.OSArchitecture, Environment.GetEnvironmentVariable("PATH"));
}
