namespace Aspire.Hosting.Orchestration;

/// <summary>A process could not be started. The message says what, where, and how to fix it.</summary>
internal sealed class ProcessStartException : Exception
{
    public ProcessStartException(string message)
        : base(message)
    {
    }

    public ProcessStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
