using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.AWS.Deployment.CDKDefaults;

namespace Aspire.Hosting.AWS.Deployment;

/// <summary>Creates the defaults of an environment.</summary>
/// <param name="factory">Creates them.</param>
[Experimental(Constants.ASPIREAWSPUBLISHERS001)]
public class CDKDefaultsProviderFactory(Func<AWSCDKEnvironmentResource, CDKDefaultsProvider> factory)
{
    /// <summary>The defaults of the first preview: Lambda functions have 512 MB, 30 s and the managed runtime of their target framework.</summary>
#pragma warning disable CA1707 // The name is the real package's.
    public static readonly CDKDefaultsProviderFactory Preview_V1 = new(environment => new CDKDefaultsProviderPreviewV1(environment));
#pragma warning restore CA1707

    /// <summary>Creates the defaults of an environment.</summary>
    /// <param name="environment">The environment.</param>
    /// <returns>The defaults.</returns>
    public CDKDefaultsProvider Create(AWSCDKEnvironmentResource environment) => factory(environment);
}
