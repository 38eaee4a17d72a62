namespace Aspire.Hosting.Orchestration;

/// <summary>What to run.</summary>
/// <param name="Name">The name that messages and the run record use, usually the resource's.</param>
/// <param name="FileName">A path, or a bare name that is looked up on <c>PATH</c>.</param>
/// <param name="Arguments">The arguments, each handed over as it is; no shell is involved.</param>
/// <param name="WorkingDirectory">An existing directory.</param>
/// <param name="Environment">Variables added to (or replacing those of) the AppHost's own environment.</param>
internal sealed record ProcessSpec(
    string Name,
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>One line that a process wrote.</summary>
/// <param name="TimestampUtc">When the AppHost read it.</param>
/// <param name="Text">The line without its terminator; a line longer than the bound arrives in several pieces.</param>
/// <param name="IsError">Whether it came from standard error.</param>
internal sealed record ProcessOutputLine(DateTime TimestampUtc, string Text, bool IsError);

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">The exit code; 128 + <paramref name="Signal"/> when a signal ended the process; -1 when it cannot be known,
/// because the AppHost was started with SIGCHLD ignored and the system kept no record.</param>
/// <param name="Signal">The number of the signal that ended the process, if one did.</param>
internal sealed record ProcessExit(int ExitCode, int? Signal)
{
    /// <inheritdoc/>
    public override string ToString() => Signal is { } signal ? $"killed by signal {signal}" : $"exit code {ExitCode}";
}
