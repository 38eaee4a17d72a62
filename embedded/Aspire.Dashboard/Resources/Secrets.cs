using System.Collections;
using System.Globalization;
using Aspire.Dashboard.Components.Topology;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>What was revealed in one visit of a page. It is kept nowhere else: not in the address, not in the browser, not for others.</summary>
public sealed class RevealedValues
{
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    public bool Contains(string key) => _keys.Contains(key);

    public void Toggle(string key)
    {
        if (!_keys.Remove(key))
        {
            _keys.Add(key);
        }
    }

    public void Reveal(IEnumerable<string> keys) => _keys.UnionWith(keys);

    public void Clear() => _keys.Clear();
}

/// <summary>A value that is shown, or masked until asked for.</summary>
/// <param name="Key">What identifies it within a resource.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The value itself.</param>
/// <param name="IsMasked">Whether it must not be shown without being asked for.</param>
public sealed record DetailValue(string Key, string Name, string Value, bool IsMasked)
{
    /// <summary>What stands for a masked value; always as long, so that it tells nothing.</summary>
    public const string Mask = "●●●●●●●●";

    public string Shown(RevealedValues revealed) => IsMasked && !revealed.Contains(Key) ? Mask : Value;

    /// <summary>The environment of a resource: every value is masked, since nothing says which ones are secret.</summary>
    public static IReadOnlyList<DetailValue> OfEnvironment(CustomResourceSnapshot snapshot)
        => [.. snapshot.EnvironmentVariables.Select(v => new DetailValue($"env:{v.Name}", v.Name, v.Value ?? "", IsMasked: true))];

    /// <summary>The facts about a resource; not what the page of the topology shows, a picture and lists in JSON.</summary>
    public static IReadOnlyList<DetailValue> OfProperties(CustomResourceSnapshot snapshot)
        => [.. snapshot.Properties.Where(p => !TopologyDocument.Has(p)).Select(p => new DetailValue($"property:{p.Name}", p.Name, TextOf(p.Value), p.IsSensitive))];

    /// <summary>A property's value as people read it: a list as a command line would have it.</summary>
    public static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(item => Quoted(TextOf(item)))),
        DateTime time => Display.Formats.DateAndTime(time),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Quoted(string text) => text.Length == 0 || text.Contains(' ', StringComparison.Ordinal) ? $"\"{text}\"" : text;
}
