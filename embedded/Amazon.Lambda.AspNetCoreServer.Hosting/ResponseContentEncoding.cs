namespace Amazon.Lambda.AspNetCoreServer;

/// <summary>How the body of a response is put into the JSON that Lambda returns.</summary>
public enum ResponseContentEncoding
{
    /// <summary>As text: the body is UTF-8.</summary>
    Default = 0,

    /// <summary>As base64: the body is binary.</summary>
    Base64,
}
