using MongoDB.Embedded.Auth;

namespace MongoDB.Embedded.Commands;

/// <summary>What the server knows of one connection's client. Used by that connection's thread.</summary>
internal sealed class ClientState(long connectionId, string remote, bool authRequired)
{
    public long ConnectionId => connectionId;

    /// <summary>Address and port.</summary>
    public string Remote => remote;

    /// <summary>The application's own name, from the handshake.</summary>
    public string? AppName { get; set; }

    /// <summary>Who signed in, or null.</summary>
    public UserIdentity? User { get; set; }

    /// <summary>The sign-in under way.</summary>
    public ScramConversation? Conversation { get; set; }

    /// <summary>True when more than the handshake is allowed.</summary>
    public bool MayCommand => !authRequired || User is not null;

    public bool AuthRequired => authRequired;
}
