using Amazon.Runtime;

namespace Amazon.Lambda;

// AWSSDK.Lambda, which has these, is used for nothing else.

/// <summary>How a Lambda function writes its log.</summary>
/// <param name="value">The name that Lambda's API uses.</param>
public class LogFormat(string value) : ConstantClass(value)
{
    /// <summary>JSON.</summary>
    public static readonly LogFormat JSON = new("JSON");

    /// <summary>Text.</summary>
    public static readonly LogFormat Text = new("Text");

    /// <summary>The constant of a name.</summary>
    /// <param name="value">The name.</param>
    /// <returns>The constant.</returns>
    public static LogFormat FindValue(string value) => FindValue<LogFormat>(value);
}

/// <summary>The least important lines a Lambda function writes.</summary>
/// <param name="value">The name that Lambda's API uses.</param>
public class ApplicationLogLevel(string value) : ConstantClass(value)
{
    /// <summary>DEBUG.</summary>
    public static readonly ApplicationLogLevel DEBUG = new("DEBUG");

    /// <summary>ERROR.</summary>
    public static readonly ApplicationLogLevel ERROR = new("ERROR");

    /// <summary>FATAL.</summary>
    public static readonly ApplicationLogLevel FATAL = new("FATAL");

    /// <summary>INFO.</summary>
    public static readonly ApplicationLogLevel INFO = new("INFO");

    /// <summary>TRACE.</summary>
    public static readonly ApplicationLogLevel TRACE = new("TRACE");

    /// <summary>WARN.</summary>
    public static readonly ApplicationLogLevel WARN = new("WARN");

    /// <summary>The constant of a name.</summary>
    /// <param name="value">The name.</param>
    /// <returns>The constant.</returns>
    public static ApplicationLogLevel FindValue(string value) => FindValue<ApplicationLogLevel>(value);
}
