using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>The watchdog's command line.</summary>
/// <param name="AppHost">Whose end is waited for.</param>
/// <param name="RunId">The run that must not outlive it.</param>
/// <param name="RecordPath">The run's record, which is deleted once nothing is left of the run.</param>
internal sealed record WatchdogArguments(ProcessIdentity AppHost, string RunId, string RecordPath)
{
    public IReadOnlyList<string> ToList() =>
    [
        AppHost.Id.ToString(CultureInfo.InvariantCulture),
        AppHost.StartMark.ToString(CultureInfo.InvariantCulture),
        RunId,
        RecordPath,
    ];

    /// <summary>Null if these are not the arguments of a watchdog.</summary>
    public static WatchdogArguments? Parse(IReadOnlyList<string> arguments) =>
        arguments.Count == 4
        && int.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var processId)
        && long.TryParse(arguments[1], NumberStyles.None, CultureInfo.InvariantCulture, out var startMark)
        && arguments[2].Length > 0
        && Path.IsPathFullyQualified(arguments[3])
            ? new WatchdogArguments(new ProcessIdentity(processId, startMark), arguments[2], arguments[3])
            : null;
}
