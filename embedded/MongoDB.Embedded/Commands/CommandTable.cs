namespace MongoDB.Embedded.Commands;

/// <summary>Every command there is. A new one is a row here and a method that runs it.</summary>
internal static class CommandTable
{
    private static readonly string[] NoFields = [];

    private static readonly Command[] Commands =
    [
        // Handshake. These take what clients send: the fields differ from driver to driver.
        new("hello", Privilege.None, HelloCommand.Run, null) { InApiV1 = true },
        new("isMaster", Privilege.None, HelloCommand.Run, null),
        new("ismaster", Privilege.None, HelloCommand.Run, null),
        new("saslStart", Privilege.None, SaslCommands.Start, SaslCommands.StartFields) { InApiV1 = true },
        new("saslContinue", Privilege.None, SaslCommands.Continue, SaslCommands.ContinueFields) { InApiV1 = true },
        new("logout", Privilege.None, SaslCommands.Logout, NoFields),
        new("ping", Privilege.None, DiagnosticCommands.Ping, NoFields) { InApiV1 = true },
        new("buildInfo", Privilege.None, DiagnosticCommands.BuildInfo, NoFields),
        new("buildinfo", Privilege.None, DiagnosticCommands.BuildInfo, NoFields),
        new("whatsmyuri", Privilege.None, DiagnosticCommands.WhatsMyUri, NoFields),
        new("connectionStatus", Privilege.None, DiagnosticCommands.ConnectionStatus, ["showPrivileges"]),

        // Sessions.
        new("startSession", Privilege.SignedIn, SessionCommands.Start, NoFields),
        new("endSessions", Privilege.None, SessionCommands.End, NoFields) { InApiV1 = true },
        new("refreshSessions", Privilege.SignedIn, SessionCommands.Refresh, NoFields) { InApiV1 = true },
        new("killSessions", Privilege.SignedIn, SessionCommands.End, NoFields) { InApiV1 = true },
        new("commitTransaction", Privilege.SignedIn, SessionCommands.RefuseTransaction, null) { InApiV1 = true },
        new("abortTransaction", Privilege.SignedIn, SessionCommands.RefuseTransaction, null) { InApiV1 = true },

        // Documents.
        new("find", Privilege.Read, FindCommand.Find, FindCommand.FindFields) { InApiV1 = true },
        new("getMore", Privilege.Read, FindCommand.GetMore, ["collection", "batchSize"]) { InApiV1 = true },
        new("killCursors", Privilege.Read, FindCommand.KillCursors, ["cursors"]) { InApiV1 = true },
        new("count", Privilege.Read, CountCommands.Count, CountCommands.CountFields) { InApiV1 = true },
        new("distinct", Privilege.Read, CountCommands.Distinct, CountCommands.DistinctFields),
        new("aggregate", Privilege.Read, AggregateCommand.Run, AggregateCommand.Fields) { InApiV1 = true },
        new("explain", Privilege.Read, ExplainCommand.Run, ExplainCommand.Fields) { InApiV1 = true },
        new("insert", Privilege.Write, InsertCommand.Run, InsertCommand.Fields) { InApiV1 = true },
        new("update", Privilege.Write, UpdateCommand.Run, UpdateCommand.Fields) { InApiV1 = true },
        new("delete", Privilege.Write, DeleteCommand.Run, DeleteCommand.Fields) { InApiV1 = true },
        new("findAndModify", Privilege.Write, FindAndModifyCommand.Run, FindAndModifyCommand.Fields) { InApiV1 = true },
        new("findandmodify", Privilege.Write, FindAndModifyCommand.Run, FindAndModifyCommand.Fields),

        // Collections and indexes.
        new("create", Privilege.Admin, CollectionCommands.Create, CollectionCommands.CreateFields) { InApiV1 = true },
        new("drop", Privilege.Admin, CollectionCommands.Drop, NoFields) { InApiV1 = true },
        new("dropDatabase", Privilege.Admin, CollectionCommands.DropDatabase, NoFields) { InApiV1 = true },
        new("collMod", Privilege.Admin, CollectionCommands.CollMod, CollectionCommands.CollModFields) { InApiV1 = true },
        new("createIndexes", Privilege.Admin, IndexCommands.Create, IndexCommands.CreateFields) { InApiV1 = true },
        new("dropIndexes", Privilege.Admin, IndexCommands.Drop, IndexCommands.DropFields) { InApiV1 = true },
        new("listIndexes", Privilege.Read, IndexCommands.List, IndexCommands.ListFields) { InApiV1 = true },
        new("listCollections", Privilege.Read, CollectionCommands.ListCollections, CollectionCommands.ListCollectionsFields) { InApiV1 = true },
        new("listDatabases", Privilege.SignedIn, CollectionCommands.ListDatabases, CollectionCommands.ListDatabasesFields) { InApiV1 = true, AdminOnly = true },
        new("dbStats", Privilege.Read, StatsCommands.DbStats, StatsCommands.DbStatsFields),
        new("dbstats", Privilege.Read, StatsCommands.DbStats, StatsCommands.DbStatsFields),
        new("collStats", Privilege.Read, StatsCommands.CollStats, StatsCommands.CollStatsFields),
        new("collstats", Privilege.Read, StatsCommands.CollStats, StatsCommands.CollStatsFields),
        new("validate", Privilege.Admin, StatsCommands.Validate, StatsCommands.ValidateFields),

        // Users.
        new("createUser", Privilege.UserAdmin, UserCommands.Create, UserCommands.ChangeFields),
        new("updateUser", Privilege.UserAdmin, UserCommands.Update, UserCommands.ChangeFields),
        new("dropUser", Privilege.UserAdmin, UserCommands.Drop, NoFields),
        new("usersInfo", Privilege.UserAdmin, UserCommands.Info, UserCommands.InfoFields),

        // The server.
        new("hostInfo", Privilege.Monitor, DiagnosticCommands.HostInfo, NoFields),
        new("getParameter", Privilege.Monitor, DiagnosticCommands.GetParameter, null) { AdminOnly = true },
        new("getCmdLineOpts", Privilege.Monitor, DiagnosticCommands.GetCmdLineOpts, NoFields) { AdminOnly = true },
        new("getLog", Privilege.Monitor, DiagnosticCommands.GetLog, NoFields) { AdminOnly = true },
        new("serverStatus", Privilege.Monitor, DiagnosticCommands.ServerStatus, null),
    ];

    /// <summary>Finds a command by name without making a string of it.</summary>
    public static Dictionary<string, Command>.AlternateLookup<ReadOnlySpan<char>> Lookup { get; } =
        Commands.ToDictionary(c => c.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
