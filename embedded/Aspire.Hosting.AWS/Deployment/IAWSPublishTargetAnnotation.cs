using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>What a resource becomes in AWS.</summary>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public interface IAWSPublishTargetAnnotation : IResourceAnnotation;
