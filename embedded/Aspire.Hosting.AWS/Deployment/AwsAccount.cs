using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>The account that a deployment goes to.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Region">The region.</param>
/// <param name="Profile">The credential profile that leads to it; null for the default chain.</param>
internal sealed record AwsAccount(string Id, string Region, string? Profile)
{
    // The version of the bootstrap template whose file assets a cloud assembly refers to.
    private const int BootstrapVersion = 6;
    private const string BootstrapParameter = "/cdk-bootstrap/hnb659fds/version";

    // Looking for credentials ends at the metadata service of a virtual machine, which elsewhere nobody answers for.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Finds out which account the credentials lead to.</summary>
    /// <exception cref="DistributedApplicationException">There is no region, there are no credentials, or AWS refuses them.</exception>
    public static async Task<AwsAccount> FindAsync(IAWSSDKConfig? settings, CancellationToken cancellationToken)
    {
        var config = Configure<AmazonSecurityTokenServiceConfig>(settings);
        try
        {
            using var deadline = Within(cancellationToken);
            var credentials = await FindCredentialsAsync(config, deadline.Token);
            using var client = new AmazonSecurityTokenServiceClient(credentials, config);
            var identity = await client.GetCallerIdentityAsync(new GetCallerIdentityRequest(), deadline.Token);
            return new(identity.Account, config.RegionEndpoint.SystemName, settings?.Profile);
        }
        catch (AmazonServiceException exception) when (exception.ErrorCode is { Length: > 0 })
        {
            throw new DistributedApplicationException($"AWS refuses the credentials ({exception.ErrorCode}: {exception.Message}): sign in anew, for instance with 'aws sso login' or 'aws configure'.", exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            throw new DistributedApplicationException($"AWS does not say whose credentials these are ({FirstLine(exception.Message)}): check that this machine reaches {config.RegionEndpoint.SystemName}.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"AWS did not say within {Deadline.TotalSeconds:0} s whose credentials these are: check that this machine reaches {config.RegionEndpoint.SystemName}.", exception);
        }
    }

    /// <summary>Checks that the account is prepared for the CDK in the region.</summary>
    /// <exception cref="DistributedApplicationException">It is not, or nobody may look.</exception>
    public async Task CheckBootstrapAsync(IAWSSDKConfig? settings, CancellationToken cancellationToken)
    {
        var how = $"prepare it once with '{CdkCommand.Typed} bootstrap aws://{Id}/{Region}'";
        try
        {
            using var client = new AmazonSimpleSystemsManagementClient(Configure<AmazonSimpleSystemsManagementConfig>(settings));
            using var deadline = Within(cancellationToken);
            var answer = await client.GetParameterAsync(new GetParameterRequest { Name = BootstrapParameter }, deadline.Token);
            if (!int.TryParse(answer.Parameter.Value, out var version) || version < BootstrapVersion)
            {
                throw new DistributedApplicationException($"Account {Id} is prepared for an earlier CDK in {Region} (version {answer.Parameter.Value}, {BootstrapVersion} is needed): {how}.");
            }
        }
        catch (ParameterNotFoundException exception)
        {
            throw new DistributedApplicationException($"Account {Id} is not prepared for the CDK in {Region}: {how}.", exception);
        }
        catch (Exception exception) when (exception is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            throw new DistributedApplicationException($"Whether account {Id} is prepared for the CDK in {Region} cannot be seen ({FirstLine(exception.Message)}): the credentials need ssm:GetParameter on {BootstrapParameter}.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"AWS did not say within {Deadline.TotalSeconds:0} s whether account {Id} is prepared for the CDK in {Region}: check that this machine reaches {Region}.", exception);
        }
    }

    // By themselves, before there is a client: one without credentials complains of what it would have signed with.
    private static async Task<AWSCredentials> FindCredentialsAsync(ClientConfig config, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Run(() => DefaultAWSCredentialsIdentityResolver.GetCredentials(config), cancellationToken).WaitAsync(cancellationToken);
        }
        catch (AmazonClientException exception)
        {
            var profile = config.Profile is { Name: { Length: > 0 } name } ? $" in profile '{name}'" : "";
            throw new DistributedApplicationException(
                $"There are no AWS credentials{profile}: sign in, for instance with 'aws sso login' or 'aws configure', and name the profile in AWS_PROFILE or with WithProfile.", exception);
        }
    }

    private static T Configure<T>(IAWSSDKConfig? settings) where T : ClientConfig, new()
    {
        var config = (settings ?? new AWSSDKConfig()).CreateServiceConfig<T>();
        config.MaxErrorRetry = 1;
        // Left to itself the client would only fail when it is made, with a sentence about its own properties.
        config.RegionEndpoint ??= FallbackRegionFactory.GetRegionEndpoint()
            ?? throw new DistributedApplicationException("There is no AWS region: set AWS_REGION, give the profile one, or choose it with WithRegion.");
        return config;
    }

    private static CancellationTokenSource Within(CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(Deadline);
        return source;
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r', '.');
}
