using System.Collections.Concurrent;
using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.FluentUI.AspNetCore.Components;
using Icons = Microsoft.FluentUI.AspNetCore.Components.Icons;

namespace Aspire.Dashboard.Resources;

/// <summary>The icons of resources, commands and states.</summary>
internal static class ResourceIcons
{
    private static readonly ConcurrentDictionary<string, Icon?> ByName = new(StringComparer.Ordinal);

    /// <summary>The icon that the model gives a resource, or the one of its type.</summary>
    public static Icon Of(ResourceView view)
        => view.Snapshot.IconName is { Length: > 0 } name && Named(name) is { } icon ? icon : view.Resource switch
        {
            ParameterResource => new Icons.Regular.Size20.Key(),
            ProjectResource => new Icons.Regular.Size20.CodeCircle(),
            ContainerResource => view.Type.Contains("mongo", StringComparison.OrdinalIgnoreCase) ? new Icons.Regular.Size20.Database() : new Icons.Regular.Size20.Box(),
            ExecutableResource => new Icons.Regular.Size20.WindowConsole(),
            IResourceWithConnectionString => new Icons.Regular.Size20.Database(),
            IResourceWithEndpoints => new Icons.Regular.Size20.Globe(),
            _ => new Icons.Regular.Size20.Cube(),
        };

    /// <summary>The icon of a command; null when the model names none that exists.</summary>
    public static Icon? Of(ResourceCommandSnapshot command) => command.IconName is { Length: > 0 } name ? Named(name) : null;

    /// <summary>The icon of a state. Its shape says what its colour does.</summary>
    public static Icon Of(StateView state) => state.Kind switch
    {
        StateKind.Success => new Icons.Filled.Size16.CheckmarkCircle(),
        StateKind.Warning => new Icons.Filled.Size16.Warning(),
        StateKind.Error => new Icons.Filled.Size16.ErrorCircle(),
        StateKind.Progress => new Icons.Regular.Size16.ArrowClockwise(),
        _ => new Icons.Regular.Size16.Circle(),
    };

    /// <summary>An icon by the name that the model uses: one of Fluent's, in 20 pixels.</summary>
    private static Icon? Named(string name) => ByName.GetOrAdd(name, static name =>
        typeof(Icons.Regular.Size20).GetNestedType(name, BindingFlags.Public) is { } type && type.IsAssignableTo(typeof(Icon)) ? (Icon?)Activator.CreateInstance(type) : null);
}
