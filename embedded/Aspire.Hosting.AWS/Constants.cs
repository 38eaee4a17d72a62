namespace Aspire.Hosting.AWS;

internal static class Constants
{
    /// <summary>The id that marks publishing to AWS as experimental.</summary>
    public const string ASPIREAWSPUBLISHERS001 = "ASPIREAWSPUBLISHERS001";
}
