using Microsoft.Extensions.Options;
using RvkApp.Api.Auth;

namespace RvkApp.Tests.Unit;

public sealed class PasswordHasherTests : IDisposable
{
    private readonly PasswordHasher _hasher = new(Options.Create(new PasswordOptions { WorkFactor = 10 }));

    public void Dispose() => _hasher.Dispose();

    [Fact]
    public async Task A_password_is_verified_by_its_own_hash_only()
    {
        var hash = await _hasher.HashAsync("correct horse");
        Assert.True(await _hasher.VerifyAsync("correct horse", hash));
        Assert.False(await _hasher.VerifyAsync("correct horsf", hash));
        Assert.False(await _hasher.VerifyAsync("Correct horse", hash));
    }

    [Fact]
    public async Task Every_character_counts_beyond_the_72_bytes_of_bcrypt()
    {
        var hash = await _hasher.HashAsync(new string('x', 99) + "a");
        Assert.False(await _hasher.VerifyAsync(new string('x', 99) + "b", hash));
    }

    [Fact]
    public async Task A_NUL_does_not_end_a_password()
    {
        var hash = await _hasher.HashAsync("secret\0one");
        Assert.False(await _hasher.VerifyAsync("secret\0two", hash));
        Assert.False(await _hasher.VerifyAsync("secret", hash));
    }

    [Fact]
    public async Task Equal_passwords_have_different_hashes_of_the_configured_cost()
    {
        var (one, two) = (await _hasher.HashAsync("secret secret"), await _hasher.HashAsync("secret secret"));
        Assert.NotEqual(one, two);
        Assert.StartsWith("$2a$10$", one, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_user_no_password_is_right()
        => Assert.False(await _hasher.VerifyAsync("anything", hash: null));

    [Fact]
    public async Task At_most_as_many_work_at_once_as_there_are_processors()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var turns = new List<IDisposable>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            turns.Add(await _hasher.TurnAsync(cancellation));
        }

        var next = _hasher.TurnAsync(cancellation).AsTask();
        Assert.False(next.IsCompleted);

        turns.ForEach(turn => turn.Dispose());
        (await next.WaitAsync(TimeSpan.FromSeconds(10), cancellation)).Dispose();
    }
}
