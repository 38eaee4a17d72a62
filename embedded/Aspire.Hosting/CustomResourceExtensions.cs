using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Configures resources that are not processes.</summary>
public static class CustomResourceExtensions
{
    /// <summary>Gives the resource its first state.</summary>
    /// <typeparam name="TResource">The resource's type.</typeparam>
    /// <param name="builder">The resource's builder.</param>
    /// <param name="initialSnapshot">The state.</param>
    /// <returns>The builder.</returns>
    public static IResourceBuilder<TResource> WithInitialState<TResource>(this IResourceBuilder<TResource> builder, CustomResourceSnapshot initialSnapshot) where TResource : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(new ResourceSnapshotAnnotation(initialSnapshot), ResourceAnnotationMutationBehavior.Replace);
    }
}

/// <summary>Says whether a resource imitates a cloud service.</summary>
public static class EmulatorResourceExtensions
{
    /// <summary>Whether the resource imitates a cloud service.</summary>
    /// <param name="resource">The resource.</param>
    /// <returns>Whether it does.</returns>
    public static bool IsEmulator(this IResource resource) => resource.HasAnnotationOfType<EmulatorResourceAnnotation>();
}

/// <summary>Makes names for volumes.</summary>
public static class VolumeNameGenerator
{
    /// <summary>A name that is the same each time this app host runs, and different for another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The builder of the resource that uses the volume.</param>
    /// <param name="suffix">What it is used for: letters, digits, underscores, dots and hyphens, not starting with a hyphen or a dot.</param>
    /// <returns>The name.</returns>
    /// <exception cref="ArgumentException">The suffix has other characters.</exception>
    public static string Generate<T>(IResourceBuilder<T> builder, string suffix) where T : IResource
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(suffix);
        if (suffix.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')))
        {
            throw new ArgumentException($"The suffix '{suffix}' of a volume name may contain only ASCII letters, digits, '_', '.' and '-'.", nameof(suffix));
        }

        var application = builder.ApplicationBuilder;
        var applicationName = VolumePart(application.Environment.ApplicationName).ToLowerInvariant();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(application.AppHostDirectory)))[..10];
        return $"{applicationName}-{hash}-{builder.Resource.Name}-{suffix}";
    }

    private static string VolumePart(string name)
    {
        var replaced = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_'));
        return replaced.Length > 0 && char.IsAsciiLetterOrDigit(replaced[0]) ? replaced : $"v{replaced}";
    }
}
