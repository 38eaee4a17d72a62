using System.Buffers;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// Reads both outputs of a process and hands the lines over one at a time, in the order of their arrival. At most a bounded
/// number waits: a consumer that is slow holds the process up for a while, after which lines are dropped and counted.
/// </summary>
internal sealed class OutputPump : IDisposable
{
    private readonly string _name;
    private readonly Action<ProcessOutputLine> _onLine;
    private readonly ProcessSupervisorOptions _options;
    private readonly ILogger _logger;
    private readonly Channel<ProcessOutputLine> _lines;
    private readonly CancellationTokenSource _stopReading = new();
    private readonly Task _reading;
    private readonly Task _dispatching;
    private int _dropped;
    private int _pending;

    public OutputPump(string name, Stream output, Stream error, Action<ProcessOutputLine> onLine, ProcessSupervisorOptions options, ILogger logger)
    {
        _name = name;
        _onLine = onLine;
        _options = options;
        _logger = logger;
        _lines = Channel.CreateBounded<ProcessOutputLine>(new BoundedChannelOptions(options.MaxPendingLines) { SingleReader = true });
        _reading = ReadBothAsync(output, error);
        _dispatching = Task.Run(DispatchAsync);
    }

    /// <summary>Whether everything that has been read has been handed over.</summary>
    public bool IsIdle => Volatile.Read(ref _pending) == 0;

    /// <summary>Waits until everything has been read and handed over, or gives up on it after the time-out.</summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            await _reading.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("The output of '{Name}' is still held open by another process {Seconds:0.#} s after '{Name}' and its tree ended; what that writes is not shown.", _name, timeout.TotalSeconds, _name);
            await _stopReading.CancelAsync().ConfigureAwait(false);
            await _reading.ConfigureAwait(false);
        }

        _lines.Writer.TryComplete();
        var left = timeout - TimeProvider.System.GetElapsedTime(started);
        try
        {
            await _dispatching.WaitAsync(left > TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1)).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("The consumer of the output of '{Name}' has not returned yet; the last lines will reach it late.", _name);
        }
    }

    /// <summary>After the draining.</summary>
    public void Dispose() => _stopReading.Dispose();

    private async Task ReadBothAsync(Stream output, Stream error) =>
        await Task.WhenAll(Task.Run(() => ReadAsync(output, isError: false)), Task.Run(() => ReadAsync(error, isError: true))).ConfigureAwait(false);

    private async Task ReadAsync(Stream stream, bool isError)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        var ready = new List<string>();
        var splitter = new LineSplitter(_options.MaxLineBytes, ready.Add);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, _stopReading.Token).ConfigureAwait(false)) > 0)
            {
                Interlocked.Increment(ref _pending);
                splitter.Append(buffer.AsSpan(0, count));
                await PassOnAsync(ready, isError).ConfigureAwait(false);
                Interlocked.Decrement(ref _pending);
            }
        }
        catch (OperationCanceledException) when (_stopReading.IsCancellationRequested)
        {
            // Drained as far as the deadline allowed, which has been said.
        }
        catch (IOException exception)
        {
            _logger.LogWarning(exception, "Reading the {Stream} of '{Name}' failed; the rest of it is lost.", isError ? "standard error" : "standard output", _name);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        splitter.Complete();
        await PassOnAsync(ready, isError).ConfigureAwait(false);
    }

    private async ValueTask PassOnAsync(List<string> lines, bool isError)
    {
        foreach (var text in lines)
        {
            var line = new ProcessOutputLine(DateTime.UtcNow, text, isError);
            Interlocked.Increment(ref _pending);
            if (!_lines.Writer.TryWrite(line) && (Volatile.Read(ref _dropped) > 0 || !await WriteWithPatienceAsync(line).ConfigureAwait(false)))
            {
                Interlocked.Increment(ref _dropped);
                Interlocked.Decrement(ref _pending);
            }
        }

        lines.Clear();
    }

    private async ValueTask<bool> WriteWithPatienceAsync(ProcessOutputLine line)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopReading.Token);
        patience.CancelAfter(_options.SlowConsumerPatience);
        try
        {
            await _lines.Writer.WriteAsync(line, patience.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task DispatchAsync()
    {
        var reported = false;
        await foreach (var line in _lines.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Deliver(line, ref reported);
            Interlocked.Decrement(ref _pending);
            // Said once the backlog is gone, so as not to add to it.
            if (_lines.Reader.Count == 0 && Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"[{dropped} lines of output were dropped here: their consumer was too slow]");
                Deliver(new ProcessOutputLine(DateTime.UtcNow, text, IsError: true), ref reported);
            }
        }
    }

    private void Deliver(ProcessOutputLine line, ref bool reported)
    {
        try
        {
            _onLine(line);
        }
        catch (Exception exception)
        {
            // A consumer's fault must not stop the reading, or the process would block on a full pipe.
            if (!reported)
            {
                reported = true;
                _logger.LogError(exception, "The consumer of the output of '{Name}' failed. Further failures are not reported.", _name);
            }
        }
    }
}
