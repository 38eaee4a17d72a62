using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.ConsoleLogs;

/// <summary>A line of the console log of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Number">The number of the line in the resource's log.</param>
/// <param name="TimeUtc">When it was written.</param>
/// <param name="IsError">Whether it came from standard error or is an error of the app host's about the resource.</param>
/// <param name="Text">The text without control sequences.</param>
/// <param name="Runs">How the text looks; empty when it is plain.</param>
public sealed record ConsoleLine(string Resource, int Number, DateTime TimeUtc, bool IsError, string Text, IReadOnlyList<AnsiRun> Runs)
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>Takes the time off a line's front, where <see cref="ResourceLoggerService"/> puts it.</summary>
    public static (DateTime TimeUtc, string Text) SplitTime(string content)
        => content.Length > TimeFormat.Length && content[TimeFormat.Length] == ' '
            && DateTime.TryParseExact(content.AsSpan(0, TimeFormat.Length), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? (time, content[(TimeFormat.Length + 1)..])
            : (default, content);

    /// <summary>The line as it stands in a file: the time, the resource when there are several, the text.</summary>
    public string ToPlainText(bool withResource)
        => string.Create(CultureInfo.InvariantCulture, $"{TimeUtc:yyyy-MM-ddTHH:mm:ss.fffZ} {(withResource ? $"[{Resource}] " : "")}{Text}");
}

/// <summary>Reads the log of one resource: standard output and standard error have their own looks.</summary>
internal sealed class ConsoleLineReader(string resource)
{
    private readonly AnsiParser _output = new();
    private readonly AnsiParser _error = new();

    public ConsoleLine Read(LogLine line)
    {
        var (time, text) = ConsoleLine.SplitTime(line.Content);
        var parsed = (line.IsErrorMessage ? _error : _output).Parse(text);
        return new(resource, line.LineNumber, time, line.IsErrorMessage, parsed.Text, parsed.Runs);
    }
}
