namespace Aspire.Hosting.Tests.Support;

/// <summary>Every wait of a test ends: with the test run, or after a time that nothing here comes near.</summary>
internal static class TestDeadline
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    public static CancellationToken Token()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Time);
        return source.Token;
    }

    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Time, TestContext.Current.CancellationToken);

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Time, TestContext.Current.CancellationToken);
}
