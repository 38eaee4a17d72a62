namespace MongoDB.Embedded.Storage;

/// <summary>
/// A fixed number of locks that keys hash to. A writer that needs several takes them in the order of their numbers, so no two
/// writers can wait for each other.
/// </summary>
internal sealed class StripedLocks
{
    private const int Count = 1024;

    private readonly Lock[] _locks = [.. Enumerable.Range(0, Count).Select(_ => new Lock())];

    public static int StripeOf(ReadOnlySpan<byte> key)
    {
        var hash = new HashCode();
        hash.AddBytes(key);
        return hash.ToHashCode() & (Count - 1);
    }

    public Lock.Scope Enter(ReadOnlySpan<byte> key) => _locks[StripeOf(key)].EnterScope();

    /// <summary>Sorts the stripes, drops repeated ones and takes the rest.</summary>
    /// <returns>How many are held: give it to <see cref="Exit"/>.</returns>
    public int Enter(Span<int> stripes)
    {
        stripes.Sort();
        int distinct = 0;
        foreach (int stripe in stripes)
        {
            if (distinct == 0 || stripes[distinct - 1] != stripe)
            {
                stripes[distinct++] = stripe;
            }
        }
        foreach (int stripe in stripes[..distinct])
        {
            _locks[stripe].Enter();
        }
        return distinct;
    }

    public void Exit(ReadOnlySpan<int> held)
    {
        foreach (int stripe in held)
        {
            _locks[stripe].Exit();
        }
    }
}
