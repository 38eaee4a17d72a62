using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Dashboard.Resources;

/// <summary>A resource as the pages show it, at one moment.</summary>
public sealed record ResourceView
{
    public required IResource Resource { get; init; }

    public required CustomResourceSnapshot Snapshot { get; init; }

    public required StateView State { get; init; }

    /// <summary>The resource that this one belongs to; null when it stands by itself.</summary>
    public required string? Parent { get; init; }

    public string Name => Resource.Name;

    public string Type => Snapshot.ResourceType;

    public SourceView? Source => SourceView.Of(Resource, Snapshot);

    /// <summary>The URLs for the table, in their order.</summary>
    public IEnumerable<UrlSnapshot> Urls => AllUrls.Where(u => !u.IsInternal);

    /// <summary>The URLs for the details, in their order: the higher sort order first.</summary>
    public IEnumerable<UrlSnapshot> AllUrls => Snapshot.Urls.OrderByDescending(u => u.DisplayProperties.SortOrder);

    /// <summary>The commands that are offered here.</summary>
    public IEnumerable<ResourceCommandSnapshot> Commands
        => Snapshot.Commands.Where(c => c.Visibility.HasFlag(ResourceCommandVisibility.UI) && c.State != ResourceCommandState.Hidden);

}

/// <summary>Reads the resources of the model with their present states.</summary>
internal static class ResourceReader
{
    /// <summary>Every resource of the model, in the model's order, hidden ones too.</summary>
    public static ImmutableArray<ResourceView> Read(DistributedApplicationModel model, ResourceNotificationService notifications)
    {
        var snapshots = model.Resources.Select(r => (Resource: r, Snapshot: notifications.SnapshotOf(r))).ToList();
        var ready = snapshots.Where(s => ResourceNotificationService.IsReady(s.Snapshot)).Select(s => s.Resource.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. snapshots.Select(s => new ResourceView
            {
                Resource = s.Resource,
                Snapshot = s.Snapshot,
                State = StateView.Of(s.Snapshot, ready.Contains),
                Parent = ParentOf(s.Resource, s.Snapshot),
            }),
        ];
    }

    private static string? ParentOf(IResource resource, CustomResourceSnapshot snapshot)
        => resource is IResourceWithParent { Parent: var parent } ? parent.Name
            : snapshot.Relationships.FirstOrDefault(r => r.Type == KnownRelationshipTypes.Parent)?.ResourceName;
}
