using System.Diagnostics;

namespace RvkApp.Bench.Lambda;

/// <summary>What a load has measured.</summary>
/// <param name="Requests">Answers.</param>
/// <param name="Seconds">From the first request to the last answer.</param>
/// <param name="Latencies">Milliseconds, ascending.</param>
/// <param name="GeneratorMicroseconds">Processor time that this process spent for each request.</param>
internal sealed record LoadResult(int Requests, double Seconds, double[] Latencies, double GeneratorMicroseconds)
{
    public double Throughput => Requests / Seconds;

    /// <summary>The latency that a share of the requests did not exceed.</summary>
    public double Percentile(double share) => Latencies[(int)Math.Min(Latencies.Length - 1, Math.Ceiling(share * Latencies.Length) - 1)];
}

/// <summary>Connections that ask at the same time, each for itself.</summary>
internal static class Load
{
    /// <summary>Sends a number of requests, shared out to connections, each with a thread.</summary>
    public static LoadResult Run(int port, string path, string token, int connections, int requests)
    {
        var latencies = new long[connections][];
        var threads = new Thread[connections];
        var failures = new Exception?[connections];
        using var ready = new Barrier(connections + 1);
        for (var i = 0; i < connections; i++)
        {
            var own = i;
            latencies[own] = new long[(requests / connections) + (own < requests % connections ? 1 : 0)];
            threads[own] = new Thread(() => Ask(own), maxStackSize: 256 * 1024) { IsBackground = true };
            threads[own].Start();
        }

        ready.SignalAndWait();
        var started = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        foreach (var thread in threads)
        {
            thread.Join();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var cpu = Environment.CpuUsage.TotalTime - before;
        if (failures.OfType<Exception>().FirstOrDefault() is { } failure)
        {
            throw new InvalidOperationException($"{path} at port {port} with {connections} connections: {failure.Message}", failure);
        }

        double[] sorted = [.. latencies.SelectMany(ticks => ticks).Select(ticks => ticks * 1000.0 / Stopwatch.Frequency).Order()];
        return new LoadResult(requests, seconds, sorted, cpu.TotalMicroseconds / requests);

        void Ask(int own)
        {
            LoadConnection? connection = null;
            try
            {
                connection = new LoadConnection(port, path, token);
                ready.SignalAndWait();
                for (var n = 0; n < latencies[own].Length; n++)
                {
                    latencies[own][n] = connection.Ask();
                }
            }
            catch (Exception exception)
            {
                failures[own] = exception;
                if (connection is null)
                {
                    ready.RemoveParticipant();
                }
            }
            finally
            {
                connection?.Dispose();
            }
        }
    }
}
