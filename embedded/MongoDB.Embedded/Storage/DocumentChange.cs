using MongoDB.Embedded.Bson;

namespace MongoDB.Embedded.Storage;

/// <summary>What a change makes of a document.</summary>
internal enum ChangeKind
{
    /// <summary>The document is no longer what the operation looks for.</summary>
    NoMatch,

    /// <summary>It stays as it is.</summary>
    Same,

    Replace,
    Delete,
}

/// <summary>How a change ended.</summary>
internal enum ChangeOutcome
{
    /// <summary>The record is gone or no longer matches.</summary>
    NoMatch,
    Same,
    Replaced,
    Deleted,
}

/// <summary>
/// Decides what becomes of a document. Called with the record locked; <paramref name="current"/> is valid during the call only.
/// </summary>
internal delegate ChangeKind DocumentChange(BsonDoc current, out BsonDoc replacement);
