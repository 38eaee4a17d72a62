using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RvkApp.Bench.ColdStart;

/// <summary>
/// Cold start of the function: from the spawn of its process to its first answer at the Runtime API, an authenticated read of one student with the
/// courses, for each kind of package. The kinds take turns; what they are compared with is the framework-dependent one of the same run.
/// </summary>
internal static class ColdStartBenchmark
{
    private const string Baseline = "framework-dependent";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(BenchOptions options)
    {
        var work = Directory.CreateTempSubdirectory("rvkapp-bench-").FullName;
        try
        {
            var packages = await FunctionPackages.BuildAsync(options, work);
            await using var school = await School.StartAsync(Path.Combine(work, "data"));
            await using var runtime = await RuntimeApi.StartAsync();

            // The first start prepares the database: indexes, the first admin, the demo school.
            var baseline = packages.Single(package => package.Name == Baseline);
            var list = await StartAsync(baseline, runtime, new(school.Settings) { ["Seed__Demo"] = "true" }, Event("/students", "limit=1", school.Token));
            var student = JsonNode.Parse(list.Body)![0]!["id"]!.GetValue<string>();
            var read = Event($"/students/{student}", "", school.Token);

            var starts = packages.ToDictionary(package => package.Name, _ => new List<FirstAnswer>());
            for (var run = 0; run <= options.Runs; run++)
            {
                Console.Error.WriteLine(run == 0 ? "warm-up" : $"run {run} of {options.Runs}");
                // Each round begins with the next package, so that none always follows the same one.
                for (var i = 0; i < packages.Count; i++)
                {
                    var package = packages[(run + i) % packages.Count];
                    var answer = await StartAsync(package, runtime, school.Settings, read);
                    if (!answer.Body.Contains(student, StringComparison.Ordinal))
                    {
                        throw new InvalidOperationException($"{package.Name} answered with something else than the student: {answer.Body}");
                    }

                    if (run > 0)
                    {
                        starts[package.Name].Add(answer);
                    }
                }
            }

            Report(packages, starts);
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<FirstAnswer> StartAsync(FunctionPackage package, RuntimeApi runtime, Dictionary<string, string> settings, string json)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        await runtime.OfferAsync(json, deadline.Token);
        settings["AWS_LAMBDA_RUNTIME_API"] = runtime.Address;

        var started = Stopwatch.GetTimestamp();
        await using var tree = package.Start(settings);
        FunctionAnswer answer;
        try
        {
            answer = await runtime.AnswerAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"{package.Name} did not answer within {Deadline.TotalSeconds:0} s:{Environment.NewLine}{tree.LastOutput}");
        }

        var memory = tree.RootMemory() ?? throw new InvalidOperationException($"{package.Name} ended after its first answer:{Environment.NewLine}{tree.LastOutput}");
        using var response = JsonDocument.Parse(answer.Text);
        return answer.Path.EndsWith("/response", StringComparison.Ordinal) && response.RootElement.GetProperty("statusCode").GetInt32() == 200
            ? new FirstAnswer(Stopwatch.GetElapsedTime(started, answer.Asked).TotalMilliseconds, Stopwatch.GetElapsedTime(started, answer.Answered).TotalMilliseconds, memory, response.RootElement.GetProperty("body").GetString()!)
            : throw new InvalidOperationException($"{package.Name} answered {answer.Path} with {answer.Text}{Environment.NewLine}{tree.LastOutput}");
    }

    // An event as an HTTP API sends it, payload format 2.0.
    private static string Event(string path, string query, string token) => new JsonObject
    {
        ["version"] = "2.0",
        ["routeKey"] = "ANY /{proxy+}",
        ["rawPath"] = path,
        ["rawQueryString"] = query,
        ["headers"] = new JsonObject
        {
            ["accept"] = "application/json",
            ["authorization"] = $"Bearer {token}",
            ["host"] = "school.execute-api.us-east-2.amazonaws.com",
            ["x-forwarded-for"] = "192.0.2.10",
            ["x-forwarded-port"] = "443",
            ["x-forwarded-proto"] = "https",
        },
        ["requestContext"] = new JsonObject
        {
            ["accountId"] = "123456789012",
            ["apiId"] = "school",
            ["domainName"] = "school.execute-api.us-east-2.amazonaws.com",
            ["domainPrefix"] = "school",
            ["http"] = new JsonObject { ["method"] = "GET", ["path"] = path, ["protocol"] = "HTTP/1.1", ["sourceIp"] = "192.0.2.10", ["userAgent"] = "bench" },
            ["requestId"] = "JKJaXmPLvHcESHA=",
            ["routeKey"] = "ANY /{proxy+}",
            ["stage"] = "$default",
            ["time"] = "24/Nov/2026:12:00:00 +0000",
            ["timeEpoch"] = 1795521600000,
        },
        ["pathParameters"] = new JsonObject { ["proxy"] = path[1..] },
        ["isBase64Encoded"] = false,
    }.ToJsonString();

    private static void Report(IReadOnlyList<FunctionPackage> packages, Dictionary<string, List<FirstAnswer>> starts)
    {
        Console.WriteLine("Cold start: spawn to the first answer (an authenticated read of a student) at the Runtime API; medians");
        Console.WriteLine($"{"package",-24} {"ms",8} {"min",8} {"max",8} {"ratio",7} {"init ms",8}   {"zip MB",7} {"files MB",9}   {"peak RSS MiB",13} {"RSS MiB",8} {"PSS MiB",8}   n");
        foreach (var package in packages)
        {
            var own = starts[package.Name];
            // Run by run: what disturbs the machine for a while disturbs both.
            var ratio = Medians.Of([.. own.Zip(starts[Baseline], (start, baseline) => start.Milliseconds / baseline.Milliseconds)]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{package.Name,-24} {Median(s => s.Milliseconds),8:0.0} {own.Min(s => s.Milliseconds),8:0.0} {own.Max(s => s.Milliseconds),8:0.0} {ratio,7:0.000} {Median(s => s.Initialization),8:0.0}   {package.ZipBytes / 1e6,7:0.00} {package.UnpackedBytes / 1e6,9:0.00}   {Median(s => s.Memory.PeakRss / 1024.0),13:0.0} {Median(s => s.Memory.Rss / 1024.0),8:0.0} {Median(s => s.Memory.Pss / 1024.0),8:0.0}   {own.Count}"));

            double Median(Func<FirstAnswer, double> value) => Medians.Of([.. own.Select(value)]);
        }
    }

    /// <summary>The first answer of a process.</summary>
    /// <param name="Initialization">Milliseconds from its spawn until it asked for an event.</param>
    /// <param name="Milliseconds">Milliseconds from its spawn until its answer.</param>
    /// <param name="Memory">Its memory then.</param>
    /// <param name="Body">The body of the answer.</param>
    private sealed record FirstAnswer(double Initialization, double Milliseconds, ProcessMemory Memory, string Body);
}
