namespace MongoDB.Embedded.Aggregation;

/// <summary>What a stage that has to hold documents may hold ("Aggregation Pipeline Limits" in the manual).</summary>
internal static class StageLimits
{
    /// <summary>Bytes a blocking stage may keep in memory: 100 MB.</summary>
    public const long MemoryBytes = 100 * 1024 * 1024;

    /// <summary>Stages in one pipeline.</summary>
    public const int Stages = 1000;

    /// <summary>Nesting of pipelines inside <c>$lookup</c>, <c>$unionWith</c> and <c>$facet</c>.</summary>
    public const int PipelineDepth = 20;
}
