namespace RvkApp.Bench;

/// <summary>
/// Publishing beyond the function's package: the built AppHost from spawn to exit with <c>--step publish</c>, which synthesizes, verifies, draws
/// the page and writes everything, with the package built before. The yardstick of the same run is the same process that only lists its steps.
/// </summary>
internal static class PublishBenchmark
{
    // The first run may have to build the package.
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(20);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var appHost = Repository.Output("RvkApp.AppHost", options.Configuration);
        var output = Directory.CreateTempSubdirectory("rvkapp-bench-").FullName;
        try
        {
            List<double> publish = [], list = [];
            for (var run = 0; run <= options.Runs; run++)
            {
                Console.Error.WriteLine(run == 0 ? "warm-up, which builds the package if it has to" : $"run {run} of {options.Runs}");
                var listed = await MeasureAsync(appHost, ["--operation", "inspect", "--list-steps", "true"]);
                var published = await MeasureAsync(appHost, ["--operation", "publish", "--step", "publish", "--output-path", output]);
                if (run > 0)
                {
                    list.Add(listed);
                    publish.Add(published);
                }
            }

            Medians.Report("publish, spawn to exit, s", publish);
            Medians.Report("list of steps, spawn to exit, s", list);
            Medians.Report("ratio, run by run", [.. publish.Zip(list, (p, l) => p / l)]);
            foreach (var package in Directory.EnumerateFiles(Path.Combine(output, "cdk.out"), "*.zip"))
            {
                Console.WriteLine($"Lambda package, bytes: {new FileInfo(package).Length}");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(string assembly, IEnumerable<string> arguments)
        => (await Command.RunAsync(["exec", assembly, .. arguments], Deadline)).TotalSeconds;
}
