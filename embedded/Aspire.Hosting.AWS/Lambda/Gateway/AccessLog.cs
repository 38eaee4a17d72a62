using System.Globalization;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.AWS.Lambda.Gateway;

/// <summary>Writes one line for each request to the resource's log, up to so many in a second.</summary>
/// <param name="options">The API's settings.</param>
/// <param name="writeLine">Adds a line to the log.</param>
/// <param name="telemetry">Gets each line with the request's span too; null when nobody collects that.</param>
internal sealed class AccessLog(ApiGatewayOptions options, Action<ProcessOutputLine> writeLine, ILogger? telemetry = null)
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
        var text = line.ToString();
        writeLine(new ProcessOutputLine(DateTime.UtcNow, text, IsError: false));
        if (telemetry is not null && !GatewayTelemetry.IsProbe(request))
        {
            EmulatorLogRecord.Write(telemetry, request.Response.StatusCode >= 500 ? LogLevel.Error : LogLevel.Information, text, "aws.request_id", request.Id);
        }
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
