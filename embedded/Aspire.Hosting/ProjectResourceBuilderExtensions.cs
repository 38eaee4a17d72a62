using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

/// <summary>Settings of <c>AddProject</c>.</summary>
public class ProjectResourceOptions
{
    /// <summary>The launch profile to use; chosen as <c>dotnet run</c> would when null.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether no launch profile is used.</summary>
    public bool ExcludeLaunchProfile { get; set; }

    /// <summary>Whether endpoints in the project's Kestrel configuration are ignored. They always are: see the package's section in embedded/README.md.</summary>
    public bool ExcludeKestrelEndpoints { get; set; }
}

/// <summary>Adds .NET projects.</summary>
public static class ProjectResourceBuilderExtensions
{
    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class in namespace <c>Projects</c> that the build has generated for it.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name) where TProject : IProjectMetadata, new()
        => builder.AddProject<TProject>(name, _ => { });

    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class in namespace <c>Projects</c> that the build has generated for it.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="launchProfileName">The launch profile; none when null.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, string? launchProfileName) where TProject : IProjectMetadata, new()
        => builder.AddProject<TProject>(name, options => ChooseProfile(options, launchProfileName));

    /// <summary>Adds a project that the app host refers to.</summary>
    /// <typeparam name="TProject">The class in namespace <c>Projects</c> that the build has generated for it.</typeparam>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="configure">Settings.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, [ResourceName] string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new()
        => Add(builder, name, new TProject(), typeof(TProject).Assembly, configure);

    /// <summary>Adds a project by its file. It has to be built before the app host runs.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The project file, relative to the app host's directory.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath)
        => builder.AddProject(name, projectPath, _ => { });

    /// <summary>Adds a project by its file. It has to be built before the app host runs.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The project file, relative to the app host's directory.</param>
    /// <param name="launchProfileName">The launch profile; none when null.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath, string? launchProfileName)
        => builder.AddProject(name, projectPath, options => ChooseProfile(options, launchProfileName));

    /// <summary>Adds a project by its file. It has to be built before the app host runs.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="projectPath">The project file, relative to the app host's directory.</param>
    /// <param name="configure">Settings.</param>
    /// <returns>The resource's builder.</returns>
    public static IResourceBuilder<ProjectResource> AddProject(this IDistributedApplicationBuilder builder, [ResourceName] string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(projectPath);
        return Add(builder, name, new FileProjectMetadata(Path.GetFullPath(projectPath, builder.AppHostDirectory)), builder.AppHostAssembly, configure);
    }

    /// <summary>Runs several copies of the project. Not implemented: more than one needs a proxy in front of them, which there is none of.</summary>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="replicas">The number.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="NotSupportedException">The number is not 1.</exception>
    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return replicas == 1
            ? builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace)
            : throw new NotSupportedException($"WithReplicas({replicas}) of resource '{builder.Resource.Name}' is not implemented by the embedded Aspire.Hosting: several copies need a proxy in front of them.");
    }

    /// <summary>Leaves endpoints out of the environment variables that tell the project where to listen.</summary>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="filter">Keeps an endpoint by returning true.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<ProjectResource> WithEndpointsInEnvironment(this IResourceBuilder<ProjectResource> builder, Func<EndpointAnnotation, bool> filter)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(filter);
        return builder.WithAnnotation(new EndpointEnvironmentFilterAnnotation(filter));
    }

    /// <summary>Says which project a resource is.</summary>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="metadata">The project.</param>
    /// <param name="builtInto">The app host whose build knows the project's output; null when it has to be asked for.</param>
    internal static IResourceBuilder<T> WithProject<T>(this IResourceBuilder<T> builder, IProjectMetadata metadata, Assembly? builtInto) where T : ProjectResource
    {
        builder.WithAnnotation(metadata);
        return DistributedApplicationBuilder.Metadata(builtInto, $"projectoutput:{metadata.ProjectPath}") is { } output
            ? builder.WithAnnotation(new ProjectOutputAnnotation(output))
            : builder;
    }

    private static void ChooseProfile(ProjectResourceOptions options, string? launchProfileName)
    {
        options.ExcludeLaunchProfile = launchProfileName is null;
        options.LaunchProfileName = launchProfileName;
    }

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder, string name, IProjectMetadata metadata, Assembly? builtInto, Action<ProjectResourceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        var options = new ProjectResourceOptions();
        configure(options);
        return ProjectDefaults.Apply(builder.AddResource(new ProjectResource(name)).WithProject(metadata, builtInto), options);
    }

    private sealed class FileProjectMetadata(string projectPath) : IProjectMetadata
    {
        public string ProjectPath { get; } = projectPath;
    }
}
