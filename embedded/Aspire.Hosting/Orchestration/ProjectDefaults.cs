using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Orchestration;

/// <summary>Keeps endpoints out of <c>ASPNETCORE_URLS</c>.</summary>
internal sealed class EndpointEnvironmentFilterAnnotation(Func<EndpointAnnotation, bool> filter) : IResourceAnnotation
{
    public Func<EndpointAnnotation, bool> Filter { get; } = filter;
}

/// <summary>What every project resource gets: telemetry, console format, launch profile, URLs to listen on.</summary>
internal static class ProjectDefaults
{
    public static IResourceBuilder<ProjectResource> Apply(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        ApplyOutput(project);
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            ApplyPublishEndpoints(project, options);
            return project;
        }

        project.WithEnvironment(SetUrls);
        ApplyLaunchProfile(project, options);
        return project;
    }

    /// <summary>What a project writes: telemetry and, in a run, a console that can be read.</summary>
    public static void ApplyOutput<T>(IResourceBuilder<T> project) where T : ProjectResource
    {
        project.WithOtlpExporter();
        project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY", "in_memory");
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        if (project.ApplicationBuilder.Environment.IsDevelopment())
        {
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true");
            project.WithEnvironment("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true");
        }

        // One line an event in the captured output, with colours although it is not a terminal.
        project.WithEnvironment("LOGGING__CONSOLE__FORMATTERNAME", "simple");
        project.WithEnvironment("LOGGING__CONSOLE__FORMATTEROPTIONS__SINGLELINE", "true");
        project.WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "true");
    }

    private static void ApplyPublishEndpoints(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        // A launch profile's ports are a developer's; that there are HTTP endpoints at all is a property of the program.
        if (options.ExcludeLaunchProfile || LaunchProfileSelector.Select(project, options)?.Profile.ApplicationUrl is null)
        {
            return;
        }

        project.WithHttpEndpoint().WithHttpsEndpoint();
    }

    private static void ApplyLaunchProfile(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        if (options.ExcludeLaunchProfile || LaunchProfileSelector.Select(project, options) is not var (name, profile))
        {
            return;
        }

        var counts = new Dictionary<string, int>();
        foreach (var url in (profile.ApplicationUrl ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Kestrel's wildcard hosts are not host names that Uri accepts.
            var replaced = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
            if (!Uri.TryCreate(replaced, UriKind.Absolute, out var address))
            {
                throw new DistributedApplicationException($"Launch profile '{name}' of project resource '{project.Resource.Name}' has the application URL '{url}', which is not a URL.");
            }

            var count = counts[address.Scheme] = counts.GetValueOrDefault(address.Scheme) + 1;
            project.WithEndpoint(count == 1 ? address.Scheme : $"{address.Scheme}{count}", endpoint =>
            {
                endpoint.UriScheme = address.Scheme;
                endpoint.Port = address.Port;
                endpoint.TargetHost = address.Host;
                endpoint.FromLaunchProfile = true;
            });
        }

        if (profile.LaunchUrl is { Length: > 0 } launchUrl)
        {
            project.WithUrls(context => ApplyLaunchUrl(context, launchUrl));
        }

        project.WithEnvironment(context =>
        {
            context.EnvironmentVariables.TryAdd("DOTNET_LAUNCH_PROFILE", name);
            foreach (var (variable, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(variable, Environment.ExpandEnvironmentVariables(value));
            }
        });

        if (profile.CommandLineArgs is { Length: > 0 } arguments)
        {
            project.WithArgs(context =>
            {
                // The profile's arguments are what is used when the model gives none.
                if (context.Args.Count == 0)
                {
                    foreach (var argument in CommandLine.Split(arguments))
                    {
                        context.Args.Add(argument);
                    }
                }
            });
        }
    }

    private static void ApplyLaunchUrl(ResourceUrlsCallbackContext context, string launchUrl)
    {
        foreach (var url in context.Urls.Where(u => u.Endpoint is { Exists: true, EndpointAnnotation.FromLaunchProfile: true }))
        {
            url.Url = new Uri(new Uri(url.Url), launchUrl).ToString();
        }
    }

    private static void SetUrls(EnvironmentCallbackContext context)
    {
        var resource = (IResourceWithEndpoints)context.Resource;
        var filters = resource.Annotations.OfType<EndpointEnvironmentFilterAnnotation>().ToArray();
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>()
            .Where(e => e.UriScheme is "http" or "https" && e.TargetPortEnvironmentVariable is null && filters.All(f => f.Filter(e)))
            .ToArray();
        if (endpoints.Length == 0 || context.EnvironmentVariables.ContainsKey("ASPNETCORE_URLS"))
        {
            return;
        }

        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            if (!urls.IsEmpty)
            {
                urls.AppendLiteral(";");
            }

            urls.AppendLiteral($"{endpoint.UriScheme}://{endpoint.TargetHost}:");
            urls.AppendFormatted(new EndpointReference(resource, endpoint).Property(EndpointProperty.TargetPort));
        }

        context.EnvironmentVariables["ASPNETCORE_URLS"] = urls.Build();
        if (endpoints.FirstOrDefault(e => e.UriScheme == "https") is { } https)
        {
            // Where the HTTPS redirection middleware sends a client to.
            context.EnvironmentVariables["ASPNETCORE_HTTPS_PORT"] = new EndpointReference(resource, https).Property(EndpointProperty.Port);
        }
    }
}
