namespace RvkApp.Bench;

/// <summary>What a benchmark run is told on the command line.</summary>
/// <param name="Runs">Counted runs; the median is reported. 1 to 100, default 5 (a cold start: 10); one warm-up run goes before.</param>
/// <param name="Configuration">Build configuration whose output is measured: <c>Debug</c>, which <c>dotnet run</c> uses, or <c>Release</c>.</param>
internal sealed record BenchOptions(int Runs, string Configuration)
{
    /// <summary>Zips of functions whose cold start is measured instead of those that the sources make, for example of two states of the sources.</summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>How many requests memory is watched over. 5 to 100,000,000, default 100,000.</summary>
    public int Requests { get; init; } = 100_000;

    public static BenchOptions Parse(string[] args, int runs = 5, string configuration = "Debug")
    {
        var options = new BenchOptions(runs, configuration);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--runs" when int.TryParse(value, out var counted) && counted is >= 1 and <= 100 => options with { Runs = counted },
                "--configuration" when value is "Debug" or "Release" => options with { Configuration = value },
                "--package" when File.Exists(value) => options with { Packages = [.. options.Packages, value] },
                "--requests" when int.TryParse(value, out var requests) && requests is >= 5 and <= 100_000_000 => options with { Requests = requests },
                _ => throw new ArgumentException($"'{args[i]} {value}' is not understood: use --runs 1..100, --configuration Debug|Release, for coldstart --package ZIP (as often as needed), and for lambda --requests 5..100000000."),
            };
        }

        return options;
    }

    public static int Usage()
    {
        Console.Error.WriteLine("Usage: dotnet run -c Release --project bench/RvkApp.Bench -- system|publish|coldstart|lambda [--runs N] [--configuration Debug|Release] [--package ZIP]… [--requests N]");
        return 2;
    }
}
