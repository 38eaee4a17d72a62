using System.Threading.Channels;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>
/// Tells a page that something has changed, at once and then at most four times a second: however many changes there are in between, the page is
/// drawn once for all of them.
/// </summary>
internal sealed class ChangeSignal : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<bool> _pending = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Task> _tasks = [];

    /// <summary>Starts to tell.</summary>
    /// <param name="changed">Draws the page; what it throws ends the telling and comes out of <see cref="DisposeAsync"/>.</param>
    public ChangeSignal(Func<Task> changed) => _tasks.Add(TellAsync(changed));

    /// <summary>Cancelled when the telling ends.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Something has changed.</summary>
    public void Set() => _pending.Writer.TryWrite(true);

    /// <summary>Follows the states of the resources.</summary>
    public void Follow(ResourceNotificationService notifications) => _tasks.Add(FollowAsync(notifications));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_tasks);
        _ending.Dispose();
    }

    private async Task FollowAsync(ResourceNotificationService notifications)
    {
        // Off the page's own context, which the changes would otherwise keep busy.
        await Task.Yield();
        try
        {
            await foreach (var _ in notifications.WatchAsync(_ending.Token).ConfigureAwait(false))
            {
                Set();
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left, or the application stops.
        }
    }

    private async Task TellAsync(Func<Task> changed)
    {
        try
        {
            await foreach (var _ in _pending.Reader.ReadAllAsync(_ending.Token).ConfigureAwait(false))
            {
                await changed().ConfigureAwait(false);
                await Task.Delay(Interval, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            // The page was left.
        }
    }
}
