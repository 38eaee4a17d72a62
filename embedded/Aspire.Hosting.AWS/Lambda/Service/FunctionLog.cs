using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What Lambda itself writes to a function's log (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html).</summary>
internal sealed class FunctionLog(Action<ProcessOutputLine> write, LambdaSettings settings, bool json, ILogger? telemetry = null)
{
    public void Line(ExecutionEnvironment environment, string text, bool isError = false, LambdaInvocation? invocation = null)
    {
        invocation?.Tail?.Add(text);
        write(new ProcessOutputLine(DateTime.UtcNow, environment.Label + text, isError));
        if (telemetry is not null && invocation is not { Request.IsProbe: true })
        {
            Send(telemetry, environment, text, isError, invocation);
        }
    }

    public void Output(ExecutionEnvironment environment, ProcessOutputLine line, LogTail? tail)
    {
        tail?.Add(line.Text);
        write(line with { Text = environment.Label + line.Text });
    }

    public void Start(ExecutionEnvironment environment, LambdaInvocation invocation)
    {
        if (IsWanted(invocation))
        {
            Line(environment, json ? Json("platform.start", record => record.WriteString("version", "$LATEST"), invocation) : $"START RequestId: {invocation.RequestId} Version: $LATEST", invocation: invocation);
        }
    }

    public void Timeout(ExecutionEnvironment environment, LambdaInvocation invocation, InvocationError error)
        => Line(environment, $"{DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {invocation.RequestId} {error.Message}", isError: true, invocation);

    public void Crash(ExecutionEnvironment environment, LambdaInvocation invocation, InvocationError error)
    {
        Line(environment, $"RequestId: {invocation.RequestId} Error: {error.Message}", isError: true, invocation);
        Line(environment, error.Type, isError: true, invocation);
    }

    /// <summary>END and REPORT.</summary>
    /// <param name="environment">Where it ran.</param>
    /// <param name="invocation">The invocation.</param>
    /// <param name="init">How long the environment took to start, for the first invocation.</param>
    /// <param name="error">What ended it, if it did not return.</param>
    public void Report(ExecutionEnvironment environment, LambdaInvocation invocation, TimeSpan? init, InvocationError? error)
    {
        if (!IsWanted(invocation))
        {
            return;
        }

        var duration = TimeProvider.System.GetElapsedTime(invocation.StartedTimestamp).TotalMilliseconds;
        var initialization = init?.TotalMilliseconds ?? 0;
        // Initialization is billed too since August 2025.
        var billed = (long)Math.Ceiling(duration + initialization);
        var memory = environment.PeakMemoryMegabytes();
        if (json)
        {
            Line(environment, Json("platform.report", record => WriteReport(record, error, duration, billed, memory, init is null ? null : initialization, settings.MemorySize), invocation), invocation: invocation);
            return;
        }

        Line(environment, $"END RequestId: {invocation.RequestId}", invocation: invocation);
        var line = new StringBuilder(256);
        line.Append(CultureInfo.InvariantCulture, $"REPORT RequestId: {invocation.RequestId}\tDuration: {duration:F2} ms\tBilled Duration: {billed} ms\tMemory Size: {settings.MemorySize} MB\tMax Memory Used: {memory} MB\t");
        if (init is not null)
        {
            line.Append(CultureInfo.InvariantCulture, $"Init Duration: {initialization:F2} ms\t");
        }

        Status(line, error);
        if (invocation.TraceId.Contains("Sampled=1", StringComparison.Ordinal))
        {
            line.Append(CultureInfo.InvariantCulture, $"\nXRAY TraceId: {TraceRoot(invocation.TraceId)}\tSampled: true\t");
        }

        Line(environment, line.ToString(), invocation: invocation);
    }

    public void InitReport(ExecutionEnvironment environment, TimeSpan duration, bool isInvokePhase, InvocationError error)
    {
        var line = new StringBuilder(128);
        line.Append(CultureInfo.InvariantCulture, $"INIT_REPORT Init Duration: {duration.TotalMilliseconds:F2} ms\tPhase: {(isInvokePhase ? "invoke" : "init")}\t");
        Status(line, error);
        Line(environment, line.ToString(), isError: true);
    }

    private static void Send(ILogger logger, ExecutionEnvironment environment, string text, bool isError, LambdaInvocation? invocation)
    {
        var level = isError ? LogLevel.Error : LogLevel.Information;
        if (invocation is null)
        {
            EmulatorLogRecord.Write(logger, level, text, "faas.instance", environment.Id);
            return;
        }

        var before = Activity.Current;
        Activity.Current = invocation.Span;
        EmulatorLogRecord.Write(logger, level, text, "faas.invocation_id", invocation.RequestId);
        Activity.Current = before;
    }

    private bool IsWanted(LambdaInvocation invocation) => settings.PlatformLogs || invocation.Tail is not null;

    private static void Status(StringBuilder line, InvocationError? error)
    {
        if (error is not null)
        {
            line.Append(error.Type == InvocationError.TimedOut ? "Status: timeout" : $"Status: error\tError Type: {error.Type}");
        }
    }

    private static string TraceRoot(string traceId) => traceId.Split(';').Select(part => part.Trim()).FirstOrDefault(part => part.StartsWith("Root=", StringComparison.Ordinal))?[5..] ?? traceId;

    private static void WriteReport(Utf8JsonWriter record, InvocationError? error, double duration, long billed, long memory, double? initialization, int size)
    {
        record.WriteString("status", error is null ? "success" : error.Type == InvocationError.TimedOut ? "timeout" : "error");
        if (error is not null)
        {
            record.WriteString("errorType", error.Type);
        }

        record.WriteStartObject("metrics");
        record.WriteNumber("durationMs", Math.Round(duration, 3));
        record.WriteNumber("billedDurationMs", billed);
        record.WriteNumber("memorySizeMB", size);
        record.WriteNumber("maxMemoryUsedMB", memory);
        if (initialization is { } milliseconds)
        {
            record.WriteNumber("initDurationMs", Math.Round(milliseconds, 3));
        }

        record.WriteEndObject();
    }

    private static string Json(string type, Action<Utf8JsonWriter> record, LambdaInvocation invocation)
    {
        using var payload = new Payload(512);
        using (var writer = new Utf8JsonWriter(payload))
        {
            writer.WriteStartObject();
            writer.WriteString("time", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("type", type);
            writer.WriteStartObject("record");
            writer.WriteString("requestId", invocation.RequestId);
            record(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(payload.Span);
    }
}
