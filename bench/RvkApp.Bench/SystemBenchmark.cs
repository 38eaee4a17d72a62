using System.Diagnostics;
using System.Globalization;

namespace RvkApp.Bench;

/// <summary>
/// Start and idle memory of the whole system: the built AppHost from spawn to the API's <c>/health</c> answering 200, with the API as a Lambda
/// function behind API Gateway and as a process that listens itself.
/// The yardstick of the same run is the API's process alone, from spawn to <c>/alive</c>.
/// </summary>
internal static class SystemBenchmark
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan IdleBeforeMemory = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var appHost = Repository.Output("RvkApp.AppHost", options.Configuration);
        var api = Repository.Output("RvkApp.Api", options.Configuration);

        // A home of its own keeps the developer's user secrets and volumes out of the measurement; it is kept between runs, as a developer's is.
        var home = Directory.CreateTempSubdirectory("rvkapp-bench-").FullName;
        try
        {
            List<double> lambda = [], project = [], alone = [];
            IReadOnlyList<ProcessMemory> memory = [];
            for (var run = 0; run <= options.Runs; run++)
            {
                Console.Error.WriteLine(run == 0 ? "warm-up" : $"run {run} of {options.Runs}");
                var (aloneTime, _) = await MeasureAsync(api, home, "/alive", ApiEnvironment, measureMemory: false);
                var (projectTime, _) = await MeasureAsync(appHost, home, "/health", port => AppHostEnvironment(port, "project"), measureMemory: false);
                var (lambdaTime, lambdaMemory) = await MeasureAsync(appHost, home, "/health", port => AppHostEnvironment(port, "lambda"), measureMemory: run == options.Runs);
                if (run > 0)
                {
                    alone.Add(aloneTime.TotalSeconds);
                    project.Add(projectTime.TotalSeconds);
                    lambda.Add(lambdaTime.TotalSeconds);
                    memory = lambdaMemory;
                }
            }

            List<double> ratios = [.. lambda.Zip(alone, (system, single) => system / single)];
            Medians.Report("AppHost start to healthy, s", lambda);
            Medians.Report("the same with ApiHost=project, s", project);
            Medians.Report("API alone, start to /alive, s", alone);
            Medians.Report("ratio of first and last, run by run", ratios);
            Console.WriteLine();
            Console.WriteLine($"Idle memory {IdleBeforeMemory.TotalSeconds:0} s after the last start, MiB   RSS     PSS");
            foreach (var process in memory.OrderByDescending(p => p.Rss))
            {
                Console.WriteLine(Row(process.Name, process.Rss, process.Pss));
            }

            Console.WriteLine(Row("whole system", memory.Sum(p => p.Rss), memory.Sum(p => p.Pss)));
            return 0;
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static string Row(string name, long rss, long pss) =>
        string.Create(CultureInfo.InvariantCulture, $"  {name,-42} {rss / 1024.0,8:0.0} {pss / 1024.0,8:0.0}");

    private static async Task<(TimeSpan Start, IReadOnlyList<ProcessMemory> Memory)> MeasureAsync(
        string assembly, string home, string path, Func<int, Dictionary<string, string>> environment, bool measureMemory)
    {
        var port = Ports.Free();
        var variables = environment(port);
        variables["HOME"] = home;
        variables["DOTNET_CLI_HOME"] = home;
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };

        var started = Stopwatch.StartNew();
        await using var tree = ProcessTree.Start("dotnet", ["exec", assembly], Path.GetDirectoryName(assembly)!, variables);
        while (!await HttpProbe.AnswersAsync(client, path))
        {
            if (tree.HasExited || started.Elapsed > StartDeadline)
            {
                throw new InvalidOperationException($"{Path.GetFileName(assembly)} did not answer {path} within {StartDeadline.TotalSeconds:0} s:{Environment.NewLine}{tree.LastOutput}");
            }

            await Task.Delay(5);
        }

        var start = started.Elapsed;
        if (!measureMemory)
        {
            return (start, []);
        }

        await Task.Delay(IdleBeforeMemory);
        return (start, tree.Memory());
    }

    private static Dictionary<string, string> AppHostEnvironment(int port, string apiHost) => new()
    {
        ["ApiHost"] = apiHost,
        ["Ports__Api"] = port.ToString(CultureInfo.InvariantCulture),
        ["Ports__Mongo"] = "0",
        ["Ports__Dashboard"] = "0",
        ["Ports__Otlp"] = "0",
    };

    private static Dictionary<string, string> ApiEnvironment(int port) => new()
    {
        ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
        ["ConnectionStrings__school"] = "mongodb://127.0.0.1:1/school",
        ["Jwt__SigningKey"] = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"),
    };
}
