namespace RvkApp.AppHost.Topology;

/// <summary>The size of a Fargate task (Amazon ECS, "Task CPU and memory").</summary>
/// <param name="Cpu">CPU units; 1,024 are one vCPU.</param>
/// <param name="Memory">Memory in MiB.</param>
internal sealed record FargateSize(int Cpu, int Memory)
{
    private const int MiBPerGiB = 1024;

    /// <summary>The CPU units that Fargate offers and the memory, in MiB, that goes with each.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<int>> Offered { get; } = new SortedDictionary<int, IReadOnlyList<int>>
    {
        [256] = [512, 1024, 2048],
        [512] = GiB(1, 4, 1),
        [1024] = GiB(2, 8, 1),
        [2048] = GiB(4, 16, 1),
        [4096] = GiB(8, 30, 1),
        [8192] = GiB(16, 60, 4),
        [16384] = GiB(32, 120, 8),
    };

    /// <summary>
    /// WiredTiger's cache in GiB: half of what exceeds 1 GiB, at least 0.25. It is mongod's own rule, but in a container mongod may apply it to the
    /// memory of the host, so it is told.
    /// </summary>
    public double CacheGiB => Math.Max(0.25, 0.5 * (((double)Memory / MiBPerGiB) - 1));

    /// <summary>Reads a size from two settings.</summary>
    /// <exception cref="DistributedApplicationException">Fargate does not offer it.</exception>
    public static FargateSize Read(SettingReader reader, string cpuKey, string memoryKey, FargateSize fallback)
    {
        var cpu = reader.NumberOf(cpuKey, fallback.Cpu, [.. Offered.Keys]);
        // The memory that is offered depends on the CPU, so the default does as well.
        return new FargateSize(cpu, reader.NumberOf(memoryKey, Offered[cpu].Contains(fallback.Memory) ? fallback.Memory : Offered[cpu][0], Offered[cpu]));
    }

    private static int[] GiB(int first, int last, int step) => [.. Enumerable.Range(0, ((last - first) / step) + 1).Select(i => (first + (i * step)) * MiBPerGiB)];
}
