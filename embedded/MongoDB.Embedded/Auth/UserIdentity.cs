using MongoDB.Embedded.Commands;

namespace MongoDB.Embedded.Auth;

/// <summary>A role of a database.</summary>
internal readonly record struct UserRole(string Role, string Database);

/// <summary>A user who signed in, and what the user may do ("Built-In Roles" in the manual).</summary>
internal sealed record UserIdentity(string Name, string Database, IReadOnlyList<UserRole> Roles)
{
    /// <summary>Changes whenever any user does: a signed-in user is then looked up again.</summary>
    public long Generation { get; init; }

    private static readonly Privilege[] ReadOnly = [Privilege.Read];
    private static readonly Privilege[] ReadWrite = [Privilege.Read, Privilege.Write, Privilege.Admin];
    private static readonly Privilege[] DbAdmin = [Privilege.Admin];
    private static readonly Privilege[] UserAdmin = [Privilege.UserAdmin];
    private static readonly Privilege[] Owner = [Privilege.Read, Privilege.Write, Privilege.Admin, Privilege.UserAdmin];
    private static readonly Privilege[] Monitor = [Privilege.Monitor];
    private static readonly Privilege[] Everything = [Privilege.Read, Privilege.Write, Privilege.Admin, Privilege.UserAdmin, Privilege.Monitor];

    /// <summary>The roles there are: what they allow, and whether on every database.</summary>
    private static readonly Dictionary<string, (Privilege[] Allows, bool Everywhere)> Known = new()
    {
        ["read"] = (ReadOnly, false),
        ["readWrite"] = (ReadWrite, false),
        ["dbAdmin"] = (DbAdmin, false),
        ["userAdmin"] = (UserAdmin, false),
        ["dbOwner"] = (Owner, false),
        ["readAnyDatabase"] = (ReadOnly, true),
        ["readWriteAnyDatabase"] = (ReadWrite, true),
        ["dbAdminAnyDatabase"] = (DbAdmin, true),
        ["userAdminAnyDatabase"] = (UserAdmin, true),
        ["clusterMonitor"] = (Monitor, true),
        ["root"] = (Everything, true),
    };

    /// <summary>True for a role that exists on that database; those for every database exist on admin only.</summary>
    public static bool Exists(UserRole role) =>
        Known.TryGetValue(role.Role, out (Privilege[] Allows, bool Everywhere) known) && (!known.Everywhere || role.Database == "admin");

    public bool May(Privilege privilege, string database)
    {
        if (privilege is Privilege.None or Privilege.SignedIn)
        {
            return true;
        }
        foreach (UserRole role in Roles)
        {
            if (Known.TryGetValue(role.Role, out (Privilege[] Allows, bool Everywhere) known)
                && (known.Everywhere || role.Database == database)
                && Array.IndexOf(known.Allows, privilege) >= 0)
            {
                return true;
            }
        }
        return false;
    }
}
