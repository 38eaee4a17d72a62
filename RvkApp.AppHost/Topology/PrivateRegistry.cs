using System.Text.RegularExpressions;
using Amazon.CDK;
using Amazon.CDK.AWS.IAM;

namespace RvkApp.AppHost.Topology;

/// <summary>What pulling an image takes: nothing from a public registry, these permissions from a private one of ECR.</summary>
internal static partial class PrivateRegistry
{
    /// <summary>The statements that let a role pull an image.</summary>
    /// <param name="image">The image; one of ECR is <c>ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG</c>.</param>
    public static IEnumerable<PolicyStatement> Pull(string image)
    {
        if (EcrImage().Match(image) is not { Success: true } match)
        {
            yield break;
        }

        yield return Iam.Allow(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            [$"arn:{Aws.PARTITION}:ecr:{match.Groups["region"].Value}:{match.Groups["account"].Value}:repository/{match.Groups["repository"].Value}"]);
        // The action has no resource: a token is for the whole registry.
        yield return Iam.Allow("SignInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]);
    }

    // 123456789012.dkr.ecr.us-east-2.amazonaws.com/mongo:8.0.13
    [GeneratedRegex(@"^(?<account>[0-9]{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?/(?<repository>[a-z0-9._/-]+)[:@]")]
    private static partial Regex EcrImage();
}
