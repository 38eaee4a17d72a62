namespace RvkApp.AppHost.Verification;

/// <summary>A resource of a template, its properties resolved as far as the template alone allows.</summary>
/// <param name="Id">The logical id.</param>
/// <param name="Type">The type, such as <c>AWS::EC2::SecurityGroup</c>.</param>
/// <param name="Properties">The properties; empty where the template has none.</param>
/// <param name="DeletionPolicy">What happens to it when the stack goes: <c>Delete</c>, <c>Retain</c>, …; <see langword="null"/> where unsaid.</param>
/// <param name="UpdateReplacePolicy">What happens to it when it is replaced.</param>
internal sealed record Resource(string Id, string Type, Value Properties, string? DeletionPolicy, string? UpdateReplacePolicy)
{
    /// <summary>The value at a path of property names; <see langword="null"/> where there is none.</summary>
    public Value? At(params ReadOnlySpan<string> path) => Properties.At(path);

    /// <summary>The elements of a list property; none where it is missing.</summary>
    public IEnumerable<Value> List(params ReadOnlySpan<string> path) => Properties.At(path) is { } value ? value.Items : [];

    /// <summary>The literal text of a property; <see langword="null"/> where it is missing or no literal.</summary>
    public string? Text(params ReadOnlySpan<string> path) => Properties.At(path)?.AsText;

    /// <summary>The value of a tag, in either of the forms that CloudFormation has.</summary>
    public string? Tag(string key)
    {
        foreach (var name in (ReadOnlySpan<string>)["Tags", "FileSystemTags", "AccessPointTags", "HostedZoneTags"])
        {
            if (At(name, key)?.AsText is { } value)
            {
                return value;
            }

            foreach (var tag in List(name))
            {
                if (tag["Key"]?.AsText == key)
                {
                    return tag["Value"]?.AsText;
                }
            }
        }

        return null;
    }

    /// <summary>What people call it: its <c>Name</c> tag, else the logical id.</summary>
    public string DisplayName => Tag("Name") ?? Id;
}
