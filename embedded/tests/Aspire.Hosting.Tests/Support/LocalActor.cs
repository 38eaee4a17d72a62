using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Support;

/// <summary>Lets an actor stand in for a container.</summary>
internal static class LocalActor
{
    public static IResourceBuilder<T> RunAsActor<T>(this IResourceBuilder<T> builder, ActorHost host, params string[] acts) where T : ContainerResource
        => builder.WithAnnotation(new LocalProcessAnnotation(context =>
        {
            var environment = new Dictionary<string, string>(context.Environment);
            if (context.Endpoints.FirstOrDefault(e => e.UriScheme == "http") is { } endpoint)
            {
                environment["PORT"] = endpoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return Task.FromResult(new ProcessSpec(context.Resource.Name, DotNetHost.Path, ["exec", ActorHost.ActorPath, .. acts, .. context.Arguments], host.Directory.FullName, environment));
        }));
}
