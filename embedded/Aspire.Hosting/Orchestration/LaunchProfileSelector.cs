using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Finds the launch profile that a project resource uses.</summary>
internal static class LaunchProfileSelector
{
    /// <summary>The profile asked for; else the one the app host itself was launched with, if the project has it; else the first that runs the project.</summary>
    public static (string Name, LaunchProfile Profile)? Select(IResourceBuilder<ProjectResource> project, ProjectResourceOptions options)
    {
        var metadata = project.Resource.GetProjectMetadata();
        var settings = metadata.LaunchSettings ?? Read(project.Resource.Name, Path.Combine(Path.GetDirectoryName(metadata.ProjectPath)!, "Properties", "launchSettings.json"));
        if (options.LaunchProfileName is { } wanted)
        {
            return settings?.Profiles.TryGetValue(wanted, out var profile) == true
                ? (wanted, profile)
                : throw new DistributedApplicationException($"Project resource '{project.Resource.Name}' is to use the launch profile '{wanted}', which the project '{metadata.ProjectPath}' does not have.");
        }

        if (settings is null)
        {
            return null;
        }

        var configuration = project.ApplicationBuilder.Configuration;
        if ((configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"]) is { } own && settings.Profiles.TryGetValue(own, out var same))
        {
            return (own, same);
        }

        var first = settings.Profiles.FirstOrDefault(p => string.Equals(p.Value.CommandName, "Project", StringComparison.OrdinalIgnoreCase));
        return first.Key is null ? null : (first.Key, first.Value);
    }

    /// <summary>Reads launch settings; null when there is no file.</summary>
    public static LaunchSettings? Read(string owner, string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, LaunchSettingsJson.Default.LaunchSettings);
        }
        catch (JsonException exception)
        {
            throw new DistributedApplicationException($"The launch settings of '{owner}' in '{path}' are not valid JSON: {exception.Message}", exception);
        }
    }
}

/// <summary>Generated at build time: reflection would make every start of an app host wait for generated code.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true)]
[JsonSerializable(typeof(LaunchSettings))]
internal sealed partial class LaunchSettingsJson : JsonSerializerContext;

/// <summary>Splits a command line into arguments.</summary>
internal static class CommandLine
{
    /// <summary>Splits at white space outside double quotes; a backslash before a quote makes it an ordinary character.</summary>
    public static List<string> Split(string text)
    {
        var arguments = new List<string>();
        var current = new System.Text.StringBuilder();
        var (quoted, any) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length && text[i + 1] == '"')
            {
                current.Append('"');
                i++;
                any = true;
            }
            else if (c == '"')
            {
                quoted = !quoted;
                any = true;
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                if (any)
                {
                    arguments.Add(current.ToString());
                    current.Clear();
                    any = false;
                }
            }
            else
            {
                current.Append(c);
                any = true;
            }
        }

        if (any)
        {
            arguments.Add(current.ToString());
        }

        return arguments;
    }
}
