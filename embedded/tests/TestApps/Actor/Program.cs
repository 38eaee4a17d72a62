using System.Net;
using System.Runtime.InteropServices;

// Each argument is an act; they are played in turn.
//   print=TEXT      a line on standard output        error=TEXT     a line on standard error
//   env=NAME        a line NAME=VALUE                append=FILE    a line with the process id at the end of a file
//   until=FILE      wait until a file exists         serve          answer 200 at HTTP port $PORT until told to stop
//   run             wait until told to stop          stubborn       wait, whatever it is told
//   exit=CODE       end with a code                  kill           end by a signal
//   once=FILE       play the rest only if the file does not exist yet (and create it); else run
var stop = new TaskCompletionSource();
// From the start: a test may ask it to stop as soon as it has printed a line before that step.
var obeys = !args.Contains("stubborn");
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    if (obeys)
    {
        stop.TrySetResult();
    }
    else
    {
        Console.Out.WriteLine("asked in vain");
    }
});

foreach (var act in args)
{
    var (name, value) = act.Split('=', 2) is [var n, var v] ? (n, v) : (act, "");
    switch (name)
    {
        case "print":
            Console.Out.WriteLine(value);
            break;
        case "error":
            Console.Error.WriteLine(value);
            break;
        case "env":
            Console.Out.WriteLine($"{value}={Environment.GetEnvironmentVariable(value)}");
            break;
        case "append":
            File.AppendAllText(value, $"{Environment.ProcessId}\n");
            break;
        case "until":
            while (!File.Exists(value) && !stop.Task.IsCompleted)
            {
                await Task.Delay(10);
            }

            break;
        case "serve":
            await ServeAsync();
            return 0;
        case "run":
            await stop.Task;
            Console.Out.WriteLine("told to stop");
            return 0;
        case "stubborn":
            await stop.Task;
            return 0;
        case "exit":
            return int.Parse(value);
        case "kill":
            System.Diagnostics.Process.GetCurrentProcess().Kill();
            await Task.Delay(Timeout.Infinite);
            break;
        case "once" when File.Exists(value):
            await stop.Task;
            return 0;
        case "once":
            File.WriteAllText(value, "");
            break;
        default:
            Console.Error.WriteLine($"unknown act '{act}'");
            return 64;
    }
}

return 0;

async Task ServeAsync()
{
    using var listener = new HttpListener();
    listener.Prefixes.Add($"http://localhost:{Environment.GetEnvironmentVariable("PORT")}/");
    listener.Start();
    while (!stop.Task.IsCompleted)
    {
        var next = listener.GetContextAsync();
        if (await Task.WhenAny(next, stop.Task) == next)
        {
            var context = await next;
            var sick = Environment.GetEnvironmentVariable("SICK_WHILE") is { } file && File.Exists(file);
            context.Response.StatusCode = (int)(sick ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
            context.Response.Close();
        }
    }
}
