using System.Collections.Concurrent;
using System.Security.Cryptography;
using MongoDB.Embedded.Errors;
using MongoDB.Embedded.Storage;

namespace MongoDB.Embedded.Commands;

/// <summary>A cursor between two batches.</summary>
internal sealed class ServerCursor(long id, Namespace name, ResultStream stream, string? session, string? owner, bool noTimeout)
{
    public long Id => id;

    public Namespace Name => name;

    public ResultStream Stream => stream;

    /// <summary>The session that opened it, or null.</summary>
    public string? Session => session;

    /// <summary>The user who opened it, or null.</summary>
    public string? Owner => owner;

    public bool NoTimeout => noTimeout;

    public long LastUsed { get; set; } = Environment.TickCount64;

    public bool InUse { get; set; }

    /// <summary>Set when it is killed while in use: whoever uses it closes it.</summary>
    public bool Killed { get; set; }

    /// <summary>The operation that uses it, to be interrupted by a kill.</summary>
    public OperationContext? Operation { get; set; }
}

/// <summary>The open cursors: bounded in number, closed when idle for too long. Thread-safe.</summary>
internal sealed class CursorRegistry(int limit, TimeSpan timeout)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, ServerCursor> _cursors = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _cursors.Count;
            }
        }
    }

    public long TimedOut { get; private set; }

    /// <exception cref="MongoError">OperationFailed (96): too many are open; the stream is closed.</exception>
    public ServerCursor Add(Namespace name, ResultStream stream, string? session, string? owner, bool noTimeout)
    {
        lock (_gate)
        {
            if (_cursors.Count < limit)
            {
                long id;
                do
                {
                    id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
                }
                while (id == 0 || _cursors.ContainsKey(id));
                var cursor = new ServerCursor(id, name, stream, session, owner, noTimeout);
                _cursors.Add(id, cursor);
                return cursor;
            }
        }
        stream.Dispose();
        throw new MongoError(ErrorCode.OperationFailed, $"{limit} cursors are open: close some, or read them to the end");
    }

    /// <summary>Takes a cursor for one batch; give it back with <see cref="Return"/> or <see cref="Close"/>.</summary>
    /// <exception cref="MongoError">CursorNotFound (43), CursorInUse (228), Unauthorized (13).</exception>
    public ServerCursor Take(long id, Namespace name, string? session, string? user, OperationContext operation)
    {
        lock (_gate)
        {
            if (!_cursors.TryGetValue(id, out ServerCursor? cursor))
            {
                throw new MongoError(ErrorCode.CursorNotFound, $"cursor id {id} not found");
            }
            if (cursor.Name != name)
            {
                throw new MongoError(ErrorCode.Unauthorized, $"Requested getMore on namespace '{name.FullName}', but cursor belongs to a different namespace {cursor.Name.FullName}");
            }
            if (cursor.Owner != user)
            {
                throw new MongoError(ErrorCode.Unauthorized, $"cursor id {id} was not created by the authenticated user");
            }
            if (cursor.Session != session)
            {
                throw new MongoError(50737, $"Cannot run getMore on cursor {id}, which was created in {(cursor.Session is null ? "no session" : "another session")}");
            }
            if (cursor.InUse)
            {
                throw new MongoError(ErrorCode.CursorInUse, $"cursor id {id} is already in use");
            }
            cursor.InUse = true;
            cursor.Operation = operation;
            return cursor;
        }
    }

    public void Return(ServerCursor cursor)
    {
        lock (_gate)
        {
            cursor.InUse = false;
            cursor.Operation = null;
            cursor.LastUsed = Environment.TickCount64;
            if (!cursor.Killed)
            {
                return;
            }
        }
        cursor.Stream.Dispose();
    }

    public void Close(ServerCursor cursor)
    {
        lock (_gate)
        {
            _cursors.Remove(cursor.Id);
        }
        cursor.Stream.Dispose();
    }

    /// <returns>False when there is no such cursor of that user on that namespace.</returns>
    public bool Kill(long id, Namespace name, string? user) => Kill(c => c.Id == id && c.Name == name && c.Owner == user) > 0;

    public int KillSession(string session) => Kill(c => c.Session == session);

    public int KillNamespace(Namespace name) => Kill(c => c.Name == name);

    public int KillAll() => Kill(_ => true);

    public int KillIdle()
    {
        long oldest = Environment.TickCount64 - (long)timeout.TotalMilliseconds;
        int killed = Kill(c => !c.InUse && !c.NoTimeout && c.LastUsed < oldest);
        TimedOut += killed;
        return killed;
    }

    private int Kill(Func<ServerCursor, bool> which)
    {
        List<ServerCursor> hit;
        List<ServerCursor> idle;
        lock (_gate)
        {
            hit = [.. _cursors.Values.Where(which)];
            foreach (ServerCursor cursor in hit)
            {
                _cursors.Remove(cursor.Id);
                cursor.Killed = true;
                cursor.Operation?.Kill();
            }
            idle = hit.FindAll(c => !c.InUse);
        }
        foreach (ServerCursor cursor in idle)
        {
            cursor.Stream.Dispose();
        }
        return hit.Count;
    }
}
