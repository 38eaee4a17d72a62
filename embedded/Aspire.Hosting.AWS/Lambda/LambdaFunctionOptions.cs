using Amazon.Lambda;

namespace Aspire.Hosting.AWS.Lambda;

/// <summary>Settings of a Lambda function that runs on this machine.</summary>
public class LambdaFunctionOptions
{
    /// <summary>How it writes its log.</summary>
    public LogFormat LogFormat { get; set; } = LogFormat.Text;

    /// <summary>The least important lines it writes.</summary>
    public ApplicationLogLevel ApplicationLogLevel { get; set; } = ApplicationLogLevel.INFO;
}
