using RvkApp.Bench;
using RvkApp.Bench.ColdStart;
using RvkApp.Bench.Lambda;

return args switch
{
    ["system", .. var rest] => await SystemBenchmark.RunAsync(BenchOptions.Parse(rest)),
    ["publish", .. var rest] => await PublishBenchmark.RunAsync(BenchOptions.Parse(rest)),
    ["coldstart", .. var rest] => await ColdStartBenchmark.RunAsync(BenchOptions.Parse(rest, runs: 10, configuration: "Release")),
    ["lambda", .. var rest] => await LambdaBenchmark.RunAsync(BenchOptions.Parse(rest, configuration: "Release")),
    _ => BenchOptions.Usage(),
};
