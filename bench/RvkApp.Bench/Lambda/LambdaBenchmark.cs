using System.Globalization;

namespace RvkApp.Bench.Lambda;

/// <summary>
/// What API Gateway and Lambda, as the AppHost emulates them, add to a request, and what they leave of the throughput. The yardstick of the same run is
/// the same API listening itself; both systems run side by side and take turns. Then, whether memory grows with the number of requests.
/// </summary>
internal static class LambdaBenchmark
{
    private const int Connections = 32;
    private const int SingleRequests = 3000;
    private const int ParallelRequests = 8000;
    private const int WarmUpRequests = 10_000;
    private const int MemorySteps = 5;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var work = Directory.CreateTempSubdirectory("rvkapp-bench-").FullName;
        try
        {
            await using var plain = await RunningSystem.StartAsync("project", options, Path.Combine(work, "project"));
            await using var lambda = await RunningSystem.StartAsync("lambda", options, Path.Combine(work, "lambda"));
            var routes = new Dictionary<string, Func<RunningSystem, string>> { ["/alive"] = _ => "/alive", ["/students/{id}"] = system => $"/students/{system.Student}" };

            Console.Error.WriteLine("warm-up");
            foreach (var system in new[] { plain, lambda })
            {
                foreach (var route in routes.Values)
                {
                    Load.Run(system.Port, route(system), system.Token, Connections, WarmUpRequests);
                    Load.Run(system.Port, route(system), system.Token, 1, SingleRequests);
                }
            }

            var rounds = routes.Keys.ToDictionary(name => name, _ => new List<Round>());
            for (var run = 0; run < options.Runs; run++)
            {
                Console.Error.WriteLine($"round {run + 1} of {options.Runs}");
                foreach (var (name, route) in routes)
                {
                    // Who begins changes from round to round.
                    var first = Measure(run % 2 == 0 ? plain : lambda, route);
                    var second = Measure(run % 2 == 0 ? lambda : plain, route);
                    rounds[name].Add(run % 2 == 0 ? new Round(first, second) : new Round(second, first));
                }
            }

            foreach (var (name, own) in rounds)
            {
                Report(name, own);
            }

            await ReportMemoryAsync(lambda, routes["/students/{id}"](lambda), options.Requests / MemorySteps);
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static Measurement Measure(RunningSystem system, Func<RunningSystem, string> route) => new(
        Load.Run(system.Port, route(system), system.Token, 1, SingleRequests),
        Load.Run(system.Port, route(system), system.Token, Connections, ParallelRequests));

    private static void Report(string route, List<Round> rounds)
    {
        Console.WriteLine();
        Console.WriteLine($"GET {route}, medians of {rounds.Count} rounds{"",20} {"Kestrel",10} {"Lambda",10} {"difference",11}");
        Row("p50 at 1 connection, ms", measured => measured.Single.Percentile(0.5));
        Row("p99 at 1 connection, ms", measured => measured.Single.Percentile(0.99));
        Row($"p50 at {Connections} connections, ms", measured => measured.Parallel.Percentile(0.5));
        Row($"p99 at {Connections} connections, ms", measured => measured.Parallel.Percentile(0.99));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {$"requests/s at {Connections} connections",-48} {Median(r => r.Plain.Parallel.Throughput),10:0} {Median(r => r.Lambda.Parallel.Throughput),10:0} {Median(r => r.Lambda.Parallel.Throughput / r.Plain.Parallel.Throughput),10:0.0%}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {"processor time of the load generator, us/request",-48} {Median(r => r.Plain.Parallel.GeneratorMicroseconds),10:0.0} {Median(r => r.Lambda.Parallel.GeneratorMicroseconds),10:0.0}"));

        void Row(string name, Func<Measurement, double> value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name,-48} {Median(r => value(r.Plain)),10:0.000} {Median(r => value(r.Lambda)),10:0.000} {Median(r => value(r.Lambda) - value(r.Plain)),11:0.000}"));

        double Median(Func<Round, double> value) => Medians.Of([.. rounds.Select(value)]);
    }

    private static async Task ReportMemoryAsync(RunningSystem lambda, string path, int requestsPerStep)
    {
        Console.WriteLine();
        string[]? names = null;
        for (var step = 0; step <= MemorySteps; step++)
        {
            if (step > 0)
            {
                Load.Run(lambda.Port, path, lambda.Token, Connections, requestsPerStep);
            }

            await Task.Delay(Settle);
            var memory = lambda.Memory();
            if (names is null)
            {
                names = [.. memory.Keys.Order()];
                Console.WriteLine("RSS, MiB, after requests  " + string.Join("  ", names.Select(name => $"{name,30}")));
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{step * requestsPerStep,24}  ")
                + string.Join("  ", names.Select(name => memory.GetValueOrDefault(name).ToString("0.0", CultureInfo.InvariantCulture).PadLeft(30))));
        }
    }

    /// <summary>One route of one system, in one round.</summary>
    private sealed record Measurement(LoadResult Single, LoadResult Parallel);

    /// <summary>Both systems, one after the other.</summary>
    private sealed record Round(Measurement Plain, Measurement Lambda);
}
