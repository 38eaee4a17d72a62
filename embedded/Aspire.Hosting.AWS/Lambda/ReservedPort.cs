using Microsoft.AspNetCore.Connections;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>
/// Listens on a port that is reserved for this app host. It may still be in use for a moment: reserving it made a socket on it, which a process that
/// is just being started somewhere in this one holds until it runs its own program.
/// </summary>
internal static class ReservedPort
{
    private const int MaxAttempts = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts a server, again while its port is in use: for 2 s.</summary>
    /// <param name="start">Makes a server and has it listen; it disposes of one that cannot.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port is still in use.</exception>
    public static async Task<T> ListenAsync<T>(Func<Task<T>> start, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await start().ConfigureAwait(false);
            }
            catch (IOException exception) when (exception.InnerException is AddressInUseException && attempt < MaxAttempts)
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
