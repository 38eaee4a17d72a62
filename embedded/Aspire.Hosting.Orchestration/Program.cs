using System.Runtime.InteropServices;

namespace Aspire.Hosting.Orchestration;

/// <summary>The watchdog executable. An AppHost starts it; it is of no use by hand.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (WatchdogArguments.Parse(args) is not { } arguments)
        {
            await Console.Error.WriteLineAsync("This is the watchdog that an AppHost starts by itself: APPHOST_PID APPHOST_START RUN_ID RECORD_PATH.").ConfigureAwait(false);
            return 64;
        }

        // It ends when the AppHost has; whatever ends a whole session or service must not take it away before.
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => context.Cancel = true);

        try
        {
            await Console.Out.WriteLineAsync(WatchdogProtocol.Ready).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The AppHost is gone already, and nobody reads this: then there is all the more to do.
        }

        using var fromAppHost = new StreamReader(Console.OpenStandardInput());
        return await new Watchdog(arguments, ProcessTable.Current, fromAppHost).RunAsync().ConfigureAwait(false);
    }
}
