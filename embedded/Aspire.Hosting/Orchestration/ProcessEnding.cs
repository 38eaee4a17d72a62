namespace Aspire.Hosting.Orchestration;

/// <summary>What the end of a process means.</summary>
internal static class ProcessEnding
{
    public enum Kind
    {
        /// <summary>It has done its work.</summary>
        Finished,

        /// <summary>It could not begin its work, and would not the next time.</summary>
        FailedToStart,

        /// <summary>It should still run.</summary>
        Crashed,
    }

    /// <param name="exit">How it ended.</param>
    /// <param name="cameUp">Whether it ever began its work.</param>
    /// <param name="isAwaitedForCompletion">Whether the model expects it to end, and looks at its exit code itself.</param>
    public static Kind Of(ProcessExit exit, bool cameUp, bool isAwaitedForCompletion)
    {
        if (exit.ExitCode == 0 || isAwaitedForCompletion)
        {
            return Kind.Finished;
        }

        // A program that refuses to start says so with an exit code. One that a signal ends did not mean to.
        return cameUp || exit.Signal is not null ? Kind.Crashed : Kind.FailedToStart;
    }
}
