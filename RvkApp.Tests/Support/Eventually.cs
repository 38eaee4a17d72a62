namespace RvkApp.Tests.Support;

/// <summary>Waits for what comes in its own time.</summary>
internal static class Eventually
{
    /// <summary>How long it may take on a machine that is busy with other tests.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Waits until a condition holds, and fails when it does not in time.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="otherwise">What to say when it does not hold.</param>
    public static Task UntilAsync(Func<bool> condition, Func<string> otherwise) => UntilAsync(() => Task.FromResult(condition()), otherwise);

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string})" />
    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Patience);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"after {Patience.TotalSeconds} s: {otherwise()}");
            await Task.Delay(20, Cancelled);
        }
    }
}
