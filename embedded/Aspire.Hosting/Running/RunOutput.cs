using Spectre.Console;

namespace Aspire.Hosting;

/// <summary>How important a line is.</summary>
internal enum RunTone
{
    /// <summary>In passing.</summary>
    Quiet,

    /// <summary>Ordinary.</summary>
    Normal,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth a look.</summary>
    Warning,

    /// <summary>Not as it should be.</summary>
    Bad,
}

/// <summary>Where a run writes its lines: coloured on a terminal, plain elsewhere.</summary>
internal sealed class RunOutput(IAnsiConsole? terminal, TextWriter plain)
{
    private readonly Lock _lock = new();

    public static RunOutput ForConsole() => Console.IsOutputRedirected ? new(terminal: null, Console.Out) : new(AnsiConsole.Console, Console.Out);

    /// <summary>Writes a line of parts, each in its tone.</summary>
    public void WriteLine(params ReadOnlySpan<(string Text, RunTone Tone)> parts)
    {
        lock (_lock)
        {
            if (terminal is null)
            {
                foreach (var (text, _) in parts)
                {
                    plain.Write(text);
                }

                plain.WriteLine();
                return;
            }

            // At once: between two writes whoever draws below the lines may move the cursor.
            var line = new Paragraph();
            foreach (var (text, tone) in parts)
            {
                line.Append(text, StyleOf(tone));
            }

            terminal.Write(line.Append("\n"));
        }
    }

    private static Style StyleOf(RunTone tone) => tone switch
    {
        RunTone.Quiet => new Style(Color.Grey),
        RunTone.Good => new Style(Color.Green),
        RunTone.Warning => new Style(Color.Yellow),
        RunTone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
