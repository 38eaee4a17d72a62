namespace RvkApp.AppHost.Topology.Steps;

/// <summary>The files of a publish.</summary>
/// <param name="Directory">Where they are.</param>
internal sealed record TopologyOutput(string Directory)
{
    /// <summary>Where a publish writes to unless it is told otherwise (<c>--output-path</c>).</summary>
    /// <param name="appHostDirectory">The directory of the app host's project.</param>
    /// <returns>The directory, as an absolute path.</returns>
    public static string DefaultDirectory(string appHostDirectory) => Path.GetFullPath(Path.Combine(appHostDirectory, "..", "artifacts", "aws"));

    /// <summary>The cloud assembly, as the CDK's command takes it.</summary>
    public string Assembly => Path.Combine(Directory, "cdk.out");

    /// <summary>The template.</summary>
    public string Template => Path.Combine(Assembly, $"{SchoolStack.Name}.template.json");

    /// <summary>What verification found, for machines.</summary>
    public string Report => Path.Combine(Directory, "verification.json");

    /// <summary>What verification found, for people.</summary>
    public string Page => Path.Combine(Directory, "topology.html");

    /// <summary>Makes sure that there is a template.</summary>
    /// <exception cref="DistributedApplicationException">There is none.</exception>
    public void RequireTemplate()
    {
        if (!File.Exists(Template))
        {
            throw new DistributedApplicationException($"There is no template {Template}: publish first, or give --output-path the directory that you published to.");
        }
    }
}
