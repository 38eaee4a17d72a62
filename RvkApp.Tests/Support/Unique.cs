namespace RvkApp.Tests.Support;

/// <summary>Names that no other test uses, for tests share one database.</summary>
internal static class Unique
{
    private static int _last;

    // Short enough for a course code, which has at most 20 characters.
    public static string Code() => $"C{Environment.ProcessId:X}-{Interlocked.Increment(ref _last):X}-{Random.Shared.Next(0x10000):X}";

    public static string Name() => $"user-{Guid.NewGuid():N}";

    public static string Email() => $"{Guid.NewGuid():N}@test.example";

    public static string Id() => global::MongoDB.Bson.ObjectId.GenerateNewId().ToString();
}
