using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Writes one line for each request to the resource's log, up to so many in a second.</summary>
/// <param name="options">The API's settings.</param>
/// <param name="writeLine">Adds a line to the log.</param>
internal sealed class AccessLog(ApiGatewayOptions options, Action<ProcessOutputLine> writeLine)
{
    private readonly AccessLogFormat _format = new(options.AccessLog.Format);
    private readonly TokenBucket _lines = new(options.AccessLog.MaxLinesPerSecond, options.AccessLog.MaxLinesPerSecond);
    private long _left;

    /// <summary>Writes the line of a request whose response is known.</summary>
    public void Write(GatewayRequest request)
    {
        if (!options.AccessLog.Enabled)
        {
            return;
        }

        if (!_lines.TryTake(request.StartedAt))
        {
            Interlocked.Increment(ref _left);
            return;
        }

        if (Volatile.Read(ref _left) > 0)
        {
            WriteLeft();
        }

        var line = request.LogLine.Clear();
        _format.Append(line, request, options);
        writeLine(new ProcessOutputLine(DateTime.UtcNow, line.ToString(), IsError: false));
    }

    /// <summary>Says how many requests have no line.</summary>
    public void WriteLeft()
    {
        var left = Interlocked.Exchange(ref _left, 0);
        if (left > 0)
        {
            writeLine(new ProcessOutputLine(
                DateTime.UtcNow,
                string.Create(CultureInfo.InvariantCulture, $"{left} requests have no line here: more than {options.AccessLog.MaxLinesPerSecond} came in a second ({ApiGatewayOptions.Section}:AccessLog:MaxLinesPerSecond)."),
                IsError: false));
        }
    }
}
