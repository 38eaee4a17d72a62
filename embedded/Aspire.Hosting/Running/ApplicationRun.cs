using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>A run of an application from its app host's <c>Main</c>.</summary>
internal static class ApplicationRun
{
    public static async Task RunAsync(DistributedApplication application, CancellationToken cancellationToken)
    {
        await application.StartAsync(cancellationToken);
        await application.Services.GetRequiredService<IHost>().WaitForShutdownAsync(cancellationToken);
    }
}
