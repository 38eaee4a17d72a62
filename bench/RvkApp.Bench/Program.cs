using RvkApp.Bench;

return args switch
{
    ["system", .. var rest] => await SystemBenchmark.RunAsync(BenchOptions.Parse(rest)),
    ["publish", .. var rest] => await PublishBenchmark.RunAsync(BenchOptions.Parse(rest)),
    _ => BenchOptions.Usage(),
};
