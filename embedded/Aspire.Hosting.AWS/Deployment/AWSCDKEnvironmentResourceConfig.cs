namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Settings of an AWS CDK environment.</summary>
public class AWSCDKEnvironmentResourceConfig
{
    /// <summary>Which credentials and region a deployment uses; the SDK's default chain when null. Publishing uses neither.</summary>
    public IAWSSDKConfig? AWSSDKConfig { get; init; }

    /// <summary>Whether the commands in the asset manifest stay as they are on Windows. They always do: there are none without container images.</summary>
    public bool DisablePlatformCorrection { get; init; }
}
