using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using RvkApp.Api.Platform.Http;
using RvkApp.Api.Platform.Startup;
using Bcrypt = BCrypt.Net.BCrypt;

namespace RvkApp.Api.Auth;

/// <summary>Section <c>Passwords</c>: what a guess costs.</summary>
internal sealed class PasswordOptions
{
    /// <summary>bcrypt's cost: 2 to the power of it rounds. Default: 11. Raising it applies to passwords that are set from then on.</summary>
    [Between("Passwords:WorkFactor", 10, 16)]
    public int WorkFactor { get; set; } = 11;
}

[OptionsValidator]
internal sealed partial class PasswordOptionsValidator : IValidateOptions<PasswordOptions>;

/// <summary>
/// Hashes and checks passwords with bcrypt. bcrypt reads 72 bytes at most and stops at a NUL, so it is given the base64 of the
/// password's SHA-384: 64 characters into which every character of the password went.
/// </summary>
/// <remarks>
/// A hash costs about a tenth of a second of a processor. As many run at once as there are processors, each on a thread of its own so
/// that the pool's stay free for other requests; a bounded number waits, and the rest is turned away.
/// </remarks>
internal sealed class PasswordHasher(IOptions<PasswordOptions> options) : IDisposable
{
    private const int QueueLimit = 256;

    private readonly int _workFactor = options.Value.WorkFactor;
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Environment.ProcessorCount,
        QueueLimit = QueueLimit,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn to hash. The caller holds it as long as it works on one sign-in.</summary>
    /// <exception cref="ServiceBusyException">Too many wait already.</exception>
    public async ValueTask<IDisposable> TurnAsync(CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new ServiceBusyException("Too many sign-ins at once; try again.");
    }

    /// <summary>Hashes a new password. Call it while holding a turn.</summary>
    public Task<string> HashAsync(string password)
        => OnOwnThread(() => Bcrypt.HashPassword(Digest(password), Bcrypt.GenerateSalt(_workFactor)));

    /// <summary>
    /// Whether the password belongs to the hash. Without a hash (there is no such user) it takes as long and says no. Call it while holding a turn.
    /// </summary>
    public Task<bool> VerifyAsync(string password, string? hash)
        => OnOwnThread(() => Bcrypt.Verify(Digest(password), hash ?? NobodysHash(_workFactor)) && hash is not null);

    public void Dispose() => _limiter.Dispose();

    // Well-formed, of the same cost as a real one, and the hash of nothing known.
    private static string NobodysHash(int workFactor) => $"$2a${workFactor:00}$N0b0dyHasThisSaltInUse.uAbcdefghijklmnopqrstuvwxyz01234";

    private static string Digest(string password) => Convert.ToBase64String(SHA384.HashData(Encoding.UTF8.GetBytes(password)));

    private static Task<T> OnOwnThread<T>(Func<T> work)
        => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
