using System.IO.Compression;

namespace RvkApp.Bench.ColdStart;

/// <summary>A package of the API for Lambda, unpacked.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Directory">Where it is unpacked: the function's <c>LAMBDA_TASK_ROOT</c>.</param>
/// <param name="ZipBytes">Size of the zip.</param>
internal sealed record FunctionPackage(string Name, string Directory, long ZipBytes)
{
    private const string Executable = "bootstrap";
    private const string Assembly = "RvkApp.Api.dll";

    /// <summary>Whether it brings its own runtime.</summary>
    public bool IsNative => File.Exists(Path.Combine(Directory, Executable));

    /// <summary>Size of all of its files.</summary>
    public long UnpackedBytes { get; } = new DirectoryInfo(Directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>Unpacks a zip into a directory of its own.</summary>
    public static FunctionPackage Unpack(string name, string zip, string directory)
    {
        ZipFile.ExtractToDirectory(zip, directory);
        return new FunctionPackage(name, directory, new FileInfo(zip).Length);
    }

    /// <summary>Packs what was published, without documentation and symbols, as the AppHost does.</summary>
    public static FunctionPackage Pack(string name, string directory)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(directory).Where(path => Path.GetExtension(path) is ".xml" or ".pdb").ToArray())
        {
            File.Delete(file);
        }

        var zip = directory + ".zip";
        ZipFile.CreateFromDirectory(directory, zip, CompressionLevel.SmallestSize, includeBaseDirectory: false);
        return new FunctionPackage(name, directory, new FileInfo(zip).Length);
    }

    /// <summary>Starts it as the runtime <c>provided.al2023</c> does, or as the managed runtime does for a handler that is an assembly.</summary>
    public ProcessTree Start(IReadOnlyDictionary<string, string> environment)
        => IsNative
            ? ProcessTree.Start(Path.Combine(Directory, Executable), [], Directory, Environment(environment), inherit: false)
            : ProcessTree.Start("dotnet", ["exec", Path.Combine(Directory, Assembly)], Directory, Environment(environment), inherit: false);

    // The reserved variables of a function (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Credentials are not among
    // them: nothing here asks AWS.
    private Dictionary<string, string> Environment(IReadOnlyDictionary<string, string> settings)
    {
        var variables = new Dictionary<string, string>(settings)
        {
            ["AWS_LAMBDA_FUNCTION_NAME"] = "api",
            ["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST",
            ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = "512",
            ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand",
            ["AWS_LAMBDA_LOG_GROUP_NAME"] = "/aws/lambda/api",
            ["AWS_LAMBDA_LOG_STREAM_NAME"] = "bench",
            ["AWS_REGION"] = "us-east-2",
            ["AWS_DEFAULT_REGION"] = "us-east-2",
            ["LAMBDA_TASK_ROOT"] = Directory,
            ["_HANDLER"] = IsNative ? Executable : Path.GetFileNameWithoutExtension(Assembly),
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "",
        };
        if (!IsNative)
        {
            variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_dotnet10";
        }

        return variables;
    }
}
