using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Events;
using MongoDB.Driver.Core.Servers;

namespace RvkApp.Api.Platform.Mongo;

/// <summary>What the driver's monitoring says about the server, without asking it.</summary>
internal sealed class ConnectionState
{
    private volatile ClusterDescription? _description;
    private int _losses;

    /// <summary>How often the server was lost so far; a change tells that the database may be another one than before.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>Whether attempts to connect fail, as opposed to not having been made yet.</summary>
    public bool IsRefused => _description is { State: ClusterState.Disconnected } description
        && description.Servers.Count > 0
        && description.Servers.All(server => server.State == ServerState.Disconnected && server.HeartbeatException is not null);

    /// <summary>Has the database prepared again before the next request: a change to it may have been left half done.</summary>
    public void Doubt() => Interlocked.Increment(ref _losses);

    /// <summary>Takes in a change that the driver reports.</summary>
    public void Observe(ClusterDescriptionChangedEvent change)
    {
        _description = change.NewDescription;
        if (change.OldDescription.State == ClusterState.Connected && change.NewDescription.State == ClusterState.Disconnected)
        {
            Interlocked.Increment(ref _losses);
        }
    }
}
