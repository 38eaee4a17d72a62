namespace RvkApp.Bench;

/// <summary>What a benchmark run is told on the command line.</summary>
/// <param name="Runs">Counted runs; the median is reported. 1 to 100, default 5; one warm-up run goes before.</param>
/// <param name="Configuration">Build configuration whose output is measured: <c>Debug</c>, which <c>dotnet run</c> uses, or <c>Release</c>.</param>
internal sealed record BenchOptions(int Runs, string Configuration)
{
    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions(5, "Debug");
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--runs" when int.TryParse(value, out var runs) && runs is >= 1 and <= 100 => options with { Runs = runs },
                "--configuration" when value is "Debug" or "Release" => options with { Configuration = value },
                _ => throw new ArgumentException($"'{args[i]} {value}' is not understood: use --runs 1..100 and --configuration Debug|Release."),
            };
        }

        return options;
    }

    public static int Usage()
    {
        Console.Error.WriteLine("Usage: dotnet run -c Release --project bench/RvkApp.Bench -- system|publish [--runs 5] [--configuration Debug|Release]");
        return 2;
    }
}
