using System.Net;
using System.Runtime.InteropServices;
using MongoDB.Embedded.Auth;
using MongoDB.Embedded.Bson;
using MongoDB.Embedded.Errors;

namespace MongoDB.Embedded.Commands;

/// <summary>What shells and tools ask when they connect: who and what the server is.</summary>
internal static class DiagnosticCommands
{
    public static void Ping(CommandContext context)
    {
        // To be reached is the answer.
    }

    public static void BuildInfo(CommandContext context)
    {
        BsonWriter reply = context.Reply;
        reply.Write("version", ServerInfo.Version);
        reply.Write("gitVersion", "none");
        reply.StartArray("modules");
        reply.End();
        reply.Write("allocator", "system");
        reply.Write("javascriptEngine", "none");
        reply.Write("sysInfo", "deprecated");
        reply.StartArray("versionArray");
        for (int i = 0; i < ServerInfo.VersionArray.Length; i++)
        {
            reply.Write(i, BsonValue.Int32(ServerInfo.VersionArray[i]));
        }
        reply.End();
        reply.Write("bits", 64);
        reply.Write("debug", false);
        reply.Write("maxBsonObjectSize", Storage.CollectionWriter.MaxDocumentSize);
        reply.StartArray("storageEngines");
        reply.Write(0, BsonValue.String("rocksdb"));
        reply.End();
        reply.StartDocument("embedded");
        reply.Write("product", "MongoDB.Embedded");
        reply.Write("version", ServerInfo.ProductVersion);
        reply.End();
    }

    public static void HostInfo(CommandContext context)
    {
        BsonWriter reply = context.Reply;
        reply.StartDocument("system");
        reply.Write("currentTime", BsonValue.DateTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        reply.Write("hostname", Dns.GetHostName());
        reply.Write("cpuAddrSize", 64);
        reply.Write("memSizeMB", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);
        reply.Write("numCores", Environment.ProcessorCount);
        reply.Write("cpuArch", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        reply.End();
        reply.StartDocument("os");
        reply.Write("type", OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "Darwin" : "Linux");
        reply.Write("name", RuntimeInformation.OSDescription);
        reply.Write("version", Environment.OSVersion.VersionString);
        reply.End();
        reply.StartDocument("extra");
        reply.End();
    }

    public static void GetParameter(CommandContext context)
    {
        var known = new List<(string Name, Action<BsonWriter> Write)>
        {
            ("featureCompatibilityVersion", w =>
            {
                w.StartDocument("featureCompatibilityVersion");
                w.Write("version", ServerInfo.FeatureCompatibilityVersion);
                w.End();
            }),
            ("authenticationMechanisms", w =>
            {
                w.StartArray("authenticationMechanisms");
                w.Write(0, BsonValue.String(ScramConversation.Mechanism));
                w.End();
            }),
            ("ttlMonitorSleepSecs", w => w.Write("ttlMonitorSleepSecs", (int)context.Server.Options.TtlInterval.TotalSeconds)),
            ("cursorTimeoutMillis", w => w.Write("cursorTimeoutMillis", (long)context.Server.Options.CursorTimeout.TotalMilliseconds)),
        };
        bool all = context.Target is { IsString: true } text && text.AsString == "*";
        bool any = false;
        foreach ((string name, Action<BsonWriter> write) in known)
        {
            if (all || context.Body[name].IsTruthy)
            {
                write(context.Reply);
                any = true;
            }
        }
        if (!any)
        {
            throw new MongoError(ErrorCode.InvalidOptions, "no option found to get");
        }
    }

    public static void GetCmdLineOpts(CommandContext context)
    {
        ServerOptions options = context.Server.Options;
        BsonWriter reply = context.Reply;
        reply.StartArray("argv");
        string[] arguments = ["MongoDB.Embedded", "--dbpath", options.DbPath, "--port", $"{context.Server.Network().Port}", "--bind_ip", $"{options.BindIp}"];
        for (int i = 0; i < arguments.Length; i++)
        {
            reply.Write(i, BsonValue.String(arguments[i]));
        }
        reply.End();
        reply.StartDocument("parsed");
        reply.StartDocument("net");
        reply.Write("bindIp", options.BindIp.ToString());
        reply.Write("port", context.Server.Network().Port);
        reply.End();
        reply.StartDocument("security");
        reply.Write("authorization", options.Auth ? "enabled" : "disabled");
        reply.End();
        reply.StartDocument("storage");
        reply.Write("dbPath", options.DbPath);
        reply.End();
        reply.End();
    }

    public static void WhatsMyUri(CommandContext context) => context.Reply.Write("you", context.Client.Remote);

    public static void ConnectionStatus(CommandContext context)
    {
        BsonWriter reply = context.Reply;
        UserIdentity? user = context.Client.User;
        reply.StartDocument("authInfo");
        reply.StartArray("authenticatedUsers");
        if (user is not null)
        {
            reply.StartDocument(0);
            reply.Write("user", user.Name);
            reply.Write("db", user.Database);
            reply.End();
        }
        reply.End();
        reply.StartArray("authenticatedUserRoles");
        for (int i = 0; i < (user?.Roles.Count ?? 0); i++)
        {
            reply.StartDocument(i);
            reply.Write("role", user!.Roles[i].Role);
            reply.Write("db", user.Roles[i].Database);
            reply.End();
        }
        reply.End();
        if (context.Arguments.Boolean("showPrivileges"))
        {
            reply.StartArray("authenticatedUserPrivileges");
            reply.End();
        }
        reply.End();
    }

    public static void GetLog(CommandContext context)
    {
        BsonWriter reply = context.Reply;
        string which = context.Target.IsString ? context.Target.AsString : throw context.Arguments.WrongType("getLog", context.Target, "string");
        switch (which)
        {
            case "*":
                reply.StartArray("names");
                reply.Write(0, BsonValue.String("global"));
                reply.Write(1, BsonValue.String("startupWarnings"));
                reply.End();
                break;
            case "global" or "startupWarnings":
                (string[] lines, long total) = which == "global" ? context.Server.Log.Recent() : ([], 0);
                reply.Write("totalLinesWritten", BsonValue.Integer(total));
                reply.StartArray("log");
                for (int i = 0; i < lines.Length; i++)
                {
                    reply.Write(i, BsonValue.String(lines[i]));
                }
                reply.End();
                break;
            default:
                throw new MongoError(ErrorCode.OperationFailed, $"no RecentEntries named: {which}");
        }
    }

    public static void ServerStatus(CommandContext context)
    {
        ServerState server = context.Server;
        BsonWriter reply = context.Reply;
        (int port, int connections) = server.Network();
        reply.Write("host", $"{Dns.GetHostName()}:{port}");
        reply.Write("version", ServerInfo.Version);
        reply.Write("process", "MongoDB.Embedded");
        reply.Write("pid", (long)Environment.ProcessId);
        reply.Write("uptime", Math.Floor(server.Uptime.Elapsed.TotalSeconds));
        reply.Write("uptimeMillis", (long)server.Uptime.Elapsed.TotalMilliseconds);
        reply.Write("localTime", BsonValue.DateTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));
        reply.StartDocument("connections");
        reply.Write("current", connections);
        reply.Write("available", server.Options.MaxConnections - connections);
        reply.Write("totalCreated", BsonValue.Integer(server.TotalConnections));
        reply.End();
        WriteCounters(reply, server.Counters);
        reply.StartDocument("network");
        reply.Write("bytesIn", server.Traffic.BytesReceived);
        reply.Write("bytesOut", server.Traffic.BytesSent);
        reply.Write("numRequests", server.Traffic.Requests);
        reply.End();
        reply.StartDocument("mem");
        reply.Write("bits", 64);
        reply.Write("resident", (int)(Environment.WorkingSet >> 20));
        reply.Write("supported", true);
        reply.End();
        reply.StartDocument("metrics");
        reply.StartDocument("cursor");
        reply.Write("timedOut", server.Cursors.TimedOut);
        reply.StartDocument("open");
        reply.Write("total", (long)server.Cursors.Count);
        reply.End();
        reply.End();
        reply.End();
        reply.StartDocument("storageEngine");
        reply.Write("name", "rocksdb");
        reply.Write("persistent", true);
        reply.Write("readOnly", false);
        reply.End();
        reply.StartDocument("rocksdb");
        reply.Write("cacheBytes", server.Engine.Store.CacheUsage);
        reply.Write("memTableBytes", server.Engine.Store.Figure("rocksdb.cur-size-all-mem-tables") ?? 0);
        reply.Write("tableFileBytes", server.Engine.Store.Figure("rocksdb.total-sst-files-size") ?? 0);
        reply.Write("writes", server.Engine.Store.Writes);
        reply.Write("writtenBytes", server.Engine.Store.WrittenBytes);
        reply.Write("logSyncs", server.Engine.Journal.Syncs);
        reply.End();
    }

    private static void WriteCounters(BsonWriter reply, OperationCounters counters)
    {
        reply.StartDocument("opcounters");
        reply.Write("insert", BsonValue.Integer(counters.Inserts));
        reply.Write("query", BsonValue.Integer(counters.Queries));
        reply.Write("update", BsonValue.Integer(counters.Updates));
        reply.Write("delete", BsonValue.Integer(counters.Deletes));
        reply.Write("getmore", BsonValue.Integer(counters.GetMores));
        reply.Write("command", BsonValue.Integer(counters.Commands));
        reply.End();
    }
}
