namespace MongoDB.Embedded.Commands;

/// <summary>What a command does to data, for the roles that may run it.</summary>
internal enum Privilege
{
    /// <summary>Part of the handshake, or about the caller alone: needs no sign-in.</summary>
    None,

    /// <summary>Any signed-in user.</summary>
    SignedIn,
    Read,
    Write,

    /// <summary>Collections and indexes of a database.</summary>
    Admin,
    UserAdmin,

    /// <summary>The server's state.</summary>
    Monitor,
}

/// <summary>One row of the command table.</summary>
/// <param name="Name">As the client sends it.</param>
/// <param name="Privilege">What it takes to run it.</param>
/// <param name="Run">Writes the reply's fields without <c>ok</c>, or throws a MongoError.</param>
/// <param name="Fields">The fields it knows besides its own name and the generic arguments; null takes any.</param>
internal sealed record Command(string Name, Privilege Privilege, Action<CommandContext> Run, string[]? Fields)
{
    private readonly byte[][]? _fields = Fields is null ? null : Array.ConvertAll(Fields, System.Text.Encoding.UTF8.GetBytes);

    /// <summary>True when the command runs against admin only.</summary>
    public bool AdminOnly { get; init; }

    /// <summary>True when it may be sent with apiStrict.</summary>
    public bool InApiV1 { get; init; }

    public bool Knows(ReadOnlySpan<byte> field)
    {
        if (_fields is null)
        {
            return true;
        }
        foreach (byte[] known in _fields)
        {
            if (field.SequenceEqual(known))
            {
                return true;
            }
        }
        return false;
    }
}
