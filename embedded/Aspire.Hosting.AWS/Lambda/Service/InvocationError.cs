using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Service;

/// <summary>What went wrong in an execution environment, in Lambda's words.</summary>
/// <param name="Type">The error's type.</param>
/// <param name="Message">What happened; without the request's id.</param>
internal sealed record InvocationError(string Type, string Message)
{
    public const string TimedOut = "Sandbox.Timedout";
    public const string RuntimeExit = "Runtime.ExitError";

    public static InvocationError Timeout(TimeSpan timeout)
        => new(TimedOut, FormattableString.Invariant($"Task timed out after {timeout.TotalSeconds:F2} seconds"));

    public static InvocationError Exited(ProcessExit exit) => new(RuntimeExit, exit switch
    {
        { Signal: { } signal } => $"Runtime exited with error: signal: {SignalName(signal)}",
        { ExitCode: 0 } => "Runtime exited without providing a reason",
        _ => string.Create(CultureInfo.InvariantCulture, $"Runtime exited with error: exit status {exit.ExitCode}"),
    });

    public static InvocationError ResponseTooLarge(long bytes, int most) => new(
        "Function.ResponseSizeTooLarge",
        string.Create(CultureInfo.InvariantCulture, $"Response payload size ({bytes} bytes) exceeded maximum allowed payload size ({most} bytes)."));

    /// <summary>The error as the caller gets it.</summary>
    /// <param name="requestId">The invocation, which Lambda names in errors of the environment; null leaves it out.</param>
    public Payload ToPayload(string? requestId)
    {
        var payload = new Payload(256);
        using var json = new Utf8JsonWriter(payload);
        json.WriteStartObject();
        json.WriteString("errorType"u8, Type);
        json.WriteString("errorMessage"u8, requestId is null ? Message : $"RequestId: {requestId} Error: {Message}");
        json.WriteEndObject();
        json.Flush();
        return payload;
    }

    // Go's names, in which Lambda reports: the part of syscall/zerrors_linux that programs die of.
    private static string SignalName(int signal) => signal switch
    {
        1 => "hangup",
        2 => "interrupt",
        3 => "quit",
        4 => "illegal instruction",
        5 => "trace/breakpoint trap",
        6 => "aborted",
        7 => "bus error",
        8 => "floating point exception",
        9 => "killed",
        11 => "segmentation fault",
        13 => "broken pipe",
        14 => "alarm clock",
        15 => "terminated",
        _ => string.Create(CultureInfo.InvariantCulture, $"signal {signal}"),
    };
}
