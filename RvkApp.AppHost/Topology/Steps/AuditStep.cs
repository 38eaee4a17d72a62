using Amazon;
using Amazon.EC2;
using Amazon.Runtime;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Logging;
using RvkApp.AppHost.Topology.LiveAudit;

namespace RvkApp.AppHost.Topology.Steps;

/// <summary>Compares the security groups of the account with the template in an output directory. Changes nothing.</summary>
internal static class AuditStep
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Compares.</summary>
    /// <exception cref="DistributedApplicationException">There is no template, EC2 cannot be asked, or the account differs.</exception>
    public static async Task RunAsync(PipelineStepContext context, TopologyOutput output, TopologyOptions options)
    {
        output.RequireTemplate();
        var declared = TemplateGroups.Read(output.Template);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            using var client = new AmazonEC2Client(new AmazonEC2Config { RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region), Timeout = TimeSpan.FromSeconds(20), MaxErrorRetry = 2 });
            var drifts = Drift.Find(declared, await LiveGroups.ReadAsync(client, options.Region, deadline.Token));
            foreach (var drift in drifts)
            {
                context.ReportingStep.Log(LogLevel.Error, $"{drift.Group}: {drift.What}. Fix: {drift.Fix}.");
            }

            if (!drifts.IsEmpty)
            {
                throw new DistributedApplicationException($"The account in {options.Region} differs from {output.Template} in {drifts.Length} {(drifts.Length == 1 ? "point" : "points")}, listed above.");
            }

            context.Summary.Add("Audit", $"the {declared.Length} security groups in {options.Region}, {declared.Sum(group => group.Rules.Length)} rules, are as the template says");
        }
        catch (AmazonServiceException exception)
        {
            throw new DistributedApplicationException($"EC2 in {options.Region} cannot be asked: {exception.Message}", exception);
        }
        catch (AmazonClientException exception)
        {
            throw new DistributedApplicationException(
                $"EC2 in {options.Region} cannot be asked: {exception.Message} Set credentials that may describe VPCs and security groups (AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY).", exception);
        }
        catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"EC2 in {options.Region} did not answer within {Deadline.TotalMinutes:0} minutes.");
        }
    }
}
