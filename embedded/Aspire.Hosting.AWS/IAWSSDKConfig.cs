using Amazon;
using Amazon.Runtime;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.AWS;

/// <summary>Which credentials and region the AWS SDK uses.</summary>
public interface IAWSSDKConfig
{
    /// <summary>The credential profile; the SDK's default chain when null.</summary>
    string? Profile { get; set; }

    /// <summary>The region; the SDK's default chain when null.</summary>
    RegionEndpoint? Region { get; set; }

    /// <summary>Whether the credentials are tried when a resource that refers to this starts. Nothing is tried here: a deployment checks them anyway.</summary>
    bool SDKValidationEnabled { get; set; }

    /// <summary>The configuration of a service client.</summary>
    internal T CreateServiceConfig<T>() where T : ClientConfig, new()
    {
        var config = new T();
        if (!string.IsNullOrEmpty(Profile))
        {
            config.Profile = new Profile(Profile);
        }

        if (Region is not null)
        {
            config.RegionEndpoint = Region;
        }

        return config;
    }
}

/// <inheritdoc cref="IAWSSDKConfig"/>
internal sealed class AWSSDKConfig : IAWSSDKConfig
{
    public string? Profile { get; set; }

    public RegionEndpoint? Region { get; set; }

    public bool SDKValidationEnabled { get; set; } = true;
}

/// <summary>The configuration of the AWS SDK that a resource is given.</summary>
internal sealed class SDKResourceAnnotation(IAWSSDKConfig config) : IResourceAnnotation
{
    public IAWSSDKConfig SdkConfig { get; } = config;
}
