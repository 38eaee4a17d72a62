using System.Runtime.InteropServices;
using MongoDB.Embedded;
using MongoDB.Embedded.Commands;
using MongoDB.Embedded.Diagnostics;
using MongoDB.Embedded.Storage;

const int BadArguments = 2;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(ServerOptions.Help);
    return 0;
}
if (args.Contains("--version"))
{
    Console.WriteLine($"MongoDB.Embedded {ServerInfo.ProductVersion}, speaks as server {ServerInfo.Version}");
    return 0;
}

ServerOptions options;
try
{
    options = ServerOptions.Parse(args, Environment.GetEnvironmentVariable);
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    return BadArguments;
}

// The first signal asks for a clean stop; a second one, while that is under way, ends the process as usual.
using var stop = new ManualResetEventSlim();
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
// Ctrl+Break, which is how one process asks another to stop on Windows.
using PosixSignalRegistration? quit = OperatingSystem.IsWindows() ? PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop) : null;
try
{
    using Stream output = Console.OpenStandardOutput();
    using EmbeddedServer server = EmbeddedServer.Start(options, new ServerLog(output));
    stop.Wait();
    return 0;
}
catch (DataDirectoryException e)
{
    Console.Error.WriteLine(e.Message);
    return DataDirectoryException.ExitCode;
}
catch (AddressInUseException e)
{
    Console.Error.WriteLine(e.Message);
    return AddressInUseException.ExitCode;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = !stop.IsSet;
    stop.Set();
}
