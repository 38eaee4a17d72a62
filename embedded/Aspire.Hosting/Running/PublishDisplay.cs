using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Pipelines;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Aspire.Hosting;

/// <summary>
/// The console while the application is published. Everywhere it gets a line when a step begins, when something happens in it and when it ends; on a
/// terminal the beginnings are shown in a part below the lines instead, which always says what is under way and for how long.
/// </summary>
internal sealed class PublishDisplay : IAsyncDisposable
{
    private const int NameWidth = 20;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(80);
    private static readonly IReadOnlyList<string> Spinner = Spectre.Console.Spinner.Known.Dots.Frames;

    private readonly Lock _lock = new();
    private readonly RunOutput _output;
    private readonly DateTime _started = RunReporter.ProcessStart();
    private readonly List<Activity> _activities = [];
    private readonly Queue<(string Text, string Quiet, RunTone Tone)> _pending = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly Task? _drawing;
    private Question? _question;
    private bool _disposed;

    /// <summary>Opens the display.</summary>
    /// <param name="output">Where lines go.</param>
    /// <param name="terminal">Where the part below them is drawn; null when the console is not a terminal.</param>
    public PublishDisplay(RunOutput output, IAnsiConsole? terminal)
    {
        _output = output;
        _drawing = terminal is null ? null : Task.Run(() => DrawAsync(terminal));
    }

    /// <summary>Opens the display on this process's console.</summary>
    public static PublishDisplay ForConsole()
        => new(RunOutput.ForConsole(), !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities is { Ansi: true, Interactive: true } ? AnsiConsole.Console : null);

    /// <summary>Begins a step.</summary>
    public Activity Begin(string step)
    {
        var activity = new Activity(step);
        lock (_lock)
        {
            _activities.Add(activity);
            if (_drawing is null)
            {
                Write(step, "started", RunTone.Quiet);
            }
        }

        return activity;
    }

    /// <summary>Says what a task of a step does now.</summary>
    public void BeginTask(Activity activity, object task, string status)
    {
        lock (_lock)
        {
            activity.Tasks[task] = FirstLine(status);
            if (_drawing is null)
            {
                Write(activity.Step, status, RunTone.Quiet);
            }
        }
    }

    /// <summary>Ends a task of a step.</summary>
    public void EndTask(Activity activity, object task, string text, RunTone tone)
    {
        lock (_lock)
        {
            activity.Tasks.Remove(task);
            Write(activity.Step, text, tone);
        }
    }

    /// <summary>Ends a step.</summary>
    public void End(Activity activity, string text, RunTone tone)
    {
        lock (_lock)
        {
            _activities.Remove(activity);
            Write(activity.Step, text, tone);
        }
    }

    /// <summary>Stops showing a step, however it ended.</summary>
    public void Forget(Activity activity)
    {
        lock (_lock)
        {
            _activities.Remove(activity);
        }
    }

    /// <summary>Writes what a step has to say.</summary>
    public void Line(string step, string text, RunTone tone)
    {
        lock (_lock)
        {
            Write(step, text, tone);
        }
    }

    /// <summary>Writes an item of the summary: on one line, or below its title when it has several.</summary>
    public void Summarize(PipelineSummaryItem item)
    {
        var text = item.EnableMarkdown ? PlainMarkdown.Render(item.Value) : item.Value;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        lock (_lock)
        {
            if (lines.Length == 1)
            {
                _pending.Enqueue((text, $"{item.Key}: ", RunTone.Normal));
            }
            else
            {
                _pending.Enqueue(("", "", RunTone.Normal));
                _pending.Enqueue((item.Key, "", RunTone.Good));
                foreach (var line in lines)
                {
                    _pending.Enqueue((line.Length == 0 ? "" : $"  {line}", "", RunTone.Normal));
                }
            }

            FlushUnlessDrawn();
        }
    }

    /// <summary>Asks the person at the console.</summary>
    /// <param name="question">The question, as it is shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What they typed.</returns>
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken)
    {
        if (_drawing is null)
        {
            return await ReadAnswerAsync(question).WaitAsync(cancellationToken);
        }

        var asked = new Question(question);
        Interlocked.Exchange(ref _question, asked);
        return await asked.WhenAnswered.WaitAsync(cancellationToken);
    }

    /// <summary>Writes the last line.</summary>
    public void Close(string text, RunTone tone)
    {
        lock (_lock)
        {
            _pending.Enqueue((text, "", tone));
            FlushUnlessDrawn();
        }
    }

    /// <summary>Closes the display: every line is on the console when this is done.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _ending.CancelAsync();
        if (_drawing is not null)
        {
            await _drawing;
        }

        lock (_lock)
        {
            Flush();
        }

        _ending.Dispose();
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');

    private void Write(string step, string text, RunTone tone)
    {
        var elapsed = string.Create(CultureInfo.InvariantCulture, $"{(DateTime.UtcNow - _started).TotalSeconds,6:0.00}s");
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            _pending.Enqueue((line, $"{elapsed}  {step.PadRight(NameWidth)}  ", tone));
        }

        FlushUnlessDrawn();
    }

    private void FlushUnlessDrawn()
    {
        // Where there is a part below the lines, only whoever draws it may write, or the two would mix.
        if (_drawing is null)
        {
            Flush();
        }
    }

    private void Flush()
    {
        while (_pending.TryDequeue(out var line))
        {
            _output.WriteLine((line.Quiet, RunTone.Quiet), (line.Text, line.Tone));
        }
    }

    private async Task DrawAsync(IAnsiConsole terminal)
    {
        while (true)
        {
            await terminal.Live(Render()).AutoClear(true).StartAsync(DrawAsync);
            if (Interlocked.Exchange(ref _question, null) is not { } question)
            {
                return;
            }

            // With the part below the lines gone, the cursor is where an answer can be typed.
            question.Answer(await ReadAnswerAsync(question.Text));
        }
    }

    private async Task DrawAsync(LiveDisplayContext drawn)
    {
        while (true)
        {
            lock (_lock)
            {
                Flush();
                drawn.UpdateTarget(Render());
            }

            if (_ending.IsCancellationRequested || _question is not null)
            {
                return;
            }

            await Task.Delay(Frame, _ending.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static async Task<string> ReadAnswerAsync(string question)
    {
        await Console.Out.WriteAsync(question);
        // Reads a whole line and cannot be told to stop, so it has a thread of its own.
        return await Task.Factory.StartNew(Console.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) ?? "";
    }

    private Rows Render()
    {
        lock (_lock)
        {
            var frame = Spinner[(int)((DateTime.UtcNow - _started) / Frame) % Spinner.Count];
            return new Rows(_activities.Select(IRenderable (activity) => new Columns(Line(activity, frame)).Collapse()));
        }
    }

    private static IEnumerable<IRenderable> Line(Activity activity, string frame)
    {
        yield return new Text(frame, new Style(Color.Green));
        yield return new Text(activity.Step);
        yield return new Text(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(activity.Start).TotalSeconds:0.0}s"), new Style(Color.Grey));
        if (activity.Tasks.Count > 0)
        {
            yield return new Text(string.Join(" · ", activity.Tasks.Values), new Style(Color.Grey)) { Overflow = Overflow.Ellipsis };
        }
    }

    /// <summary>A question that waits for the part below the lines to go.</summary>
    private sealed class Question(string text)
    {
        private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Text { get; } = text;

        public Task<string> WhenAnswered => _answer.Task;

        public void Answer(string answer) => _answer.TrySetResult(answer);
    }

    /// <summary>A step under way.</summary>
    internal sealed class Activity(string step)
    {
        public string Step { get; } = step;

        public long Start { get; } = Stopwatch.GetTimestamp();

        public Dictionary<object, string> Tasks { get; } = [];
    }
}
