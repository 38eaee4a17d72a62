namespace Amazon.Lambda.Core;

/// <summary>Tells the trace of the invocation at hand.</summary>
public class LambdaTraceProvider
{
    /// <summary>The variable in which the X-Ray SDK and others look for the trace.</summary>
    internal const string Variable = "_X_AMZN_TRACE_ID";

    /// <summary>The trace as <c>Root=…;Parent=…;Sampled=…</c>; null when there is none.</summary>
    public static string? CurrentTraceId => Environment.GetEnvironmentVariable(Variable);

    internal static void SetCurrentTraceId(string? traceId) => Environment.SetEnvironmentVariable(Variable, traceId);
}
