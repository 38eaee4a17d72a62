using Amazon;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.AWS;

namespace Aspire.Hosting;

/// <summary>Configures the AWS SDK.</summary>
public static class SDKResourceExtensions
{
    /// <summary>Creates a configuration of the AWS SDK.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The configuration.</returns>
    public static IAWSSDKConfig AddAWSSDKConfig(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return new AWSSDKConfig();
    }

    /// <summary>Chooses the credential profile.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="profile">The profile's name.</param>
    /// <returns>The configuration.</returns>
    public static IAWSSDKConfig WithProfile(this IAWSSDKConfig config, string profile)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Profile = profile;
        return config;
    }

    /// <summary>Chooses the region.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="region">The region.</param>
    /// <returns>The configuration.</returns>
    public static IAWSSDKConfig WithRegion(this IAWSSDKConfig config, RegionEndpoint region)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Region = region;
        return config;
    }

    /// <summary>Chooses the region.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="systemName">The region's name, for instance <c>us-east-2</c>.</param>
    /// <returns>The configuration.</returns>
    public static IAWSSDKConfig WithRegion(this IAWSSDKConfig config, string systemName)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentException.ThrowIfNullOrEmpty(systemName);
        config.Region = RegionEndpoint.GetBySystemName(systemName);
        return config;
    }

    /// <summary>Chooses whether the credentials are tried when a resource starts.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="sdkValidationEnabled">Whether they are.</param>
    /// <returns>The configuration.</returns>
    public static IAWSSDKConfig WithSdkValidation(this IAWSSDKConfig config, bool sdkValidationEnabled)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.SDKValidationEnabled = sdkValidationEnabled;
        return config;
    }

    /// <summary>Gives a resource that runs on this machine the profile and the region, in the environment variables that the SDK reads. In the cloud it has its role.</summary>
    /// <typeparam name="TDestination">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="awsSdkConfig">The configuration.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, IAWSSDKConfig awsSdkConfig) where TDestination : IResourceWithEnvironment
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(awsSdkConfig);
        return builder.WithAnnotation(new SDKResourceAnnotation(awsSdkConfig)).WithEnvironment(context =>
        {
            if (context.ExecutionContext.IsPublishMode)
            {
                return;
            }

            // Twice: for AWSSDK.Extensions.NETCore.Setup, which reads the configuration, and for clients made without it.
            if (awsSdkConfig.Profile is { Length: > 0 } profile)
            {
                context.EnvironmentVariables["AWS__Profile"] = profile;
                context.EnvironmentVariables["AWS_PROFILE"] = profile;
            }

            if (awsSdkConfig.Region?.SystemName is { } region)
            {
                context.EnvironmentVariables["AWS__Region"] = region;
                context.EnvironmentVariables["AWS_REGION"] = region;
            }
        });
    }
}
