using Amazon.Lambda.Core;
using Microsoft.Extensions.Logging;
using Level = Microsoft.Extensions.Logging.LogLevel;

namespace Amazon.Lambda.AspNetCoreServer.Hosting.Runtime;

/// <summary>
/// The logger of an <see cref="ILambdaContext"/>: what is written without a level goes to the console, which is the function's log; what has a level goes
/// where the application logs, filtered and formatted as it configured.
/// </summary>
#pragma warning disable CA2254 // the templates are the caller's
internal sealed class ContextLogger(ILogger logger) : ILambdaLogger
{
    public void Log(string message) => Console.Write(message);

    public void LogLine(string message) => Console.WriteLine(message);

    // Without arguments there is no template: braces in it mean themselves.
    public void Log(string level, string message) => logger.Log(Parse(level), default, message, null, static (text, _) => text);

    public void Log(string level, string message, params object[] args) => logger.Log(Parse(level), message, args);

    public void Log(string level, Exception exception, string message, params object[] args) => logger.Log(Parse(level), exception, message, args);

    private static Level Parse(string level) => Enum.TryParse<Level>(level, ignoreCase: true, out var parsed) && parsed != Level.None ? parsed : Level.Information;
}
