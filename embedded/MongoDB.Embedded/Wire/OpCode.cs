namespace MongoDB.Embedded.Wire;

/// <summary>Message kinds of the wire protocol ("MongoDB Wire Protocol" in the manual).</summary>
internal enum OpCode
{
    Reply = 1,
    Query = 2004,
    Compressed = 2012,
    Msg = 2013,
}

/// <summary>Flag bits of OP_MSG. A receiver has to understand the lower sixteen and may ignore the upper.</summary>
[Flags]
internal enum MsgFlags : uint
{
    None = 0,
    ChecksumPresent = 1 << 0,
    MoreToCome = 1 << 1,
    ExhaustAllowed = 1 << 16,
}

/// <summary>
/// The peer broke the protocol in a way after which the stream has no meaning: the connection is closed, with this as the reason.
/// </summary>
internal sealed class WireException(string reason) : Exception(reason);
