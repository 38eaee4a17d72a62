namespace MongoDB.Embedded.Storage;

/// <summary>
/// The data directory cannot be used; the message is one sentence for a person. The process exits with
/// <see cref="ExitCode"/> and has changed nothing.
/// </summary>
internal sealed class DataDirectoryException(string message, Exception? inner = null) : Exception(message, inner)
{
    public const int ExitCode = 100;
}
