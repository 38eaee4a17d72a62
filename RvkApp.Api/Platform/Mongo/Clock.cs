namespace RvkApp.Api.Platform.Mongo;

/// <summary>Times as documents have them.</summary>
internal static class Clock
{
    /// <summary>Now, in UTC and whole milliseconds: BSON has no finer ones, and an answer shows what is stored.</summary>
    public static DateTime Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
