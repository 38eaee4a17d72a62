using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>A port cannot be had. The message names it and, where it is known, its holder.</summary>
internal sealed class PortUnavailableException(int port, string message) : Exception(message)
{
    /// <summary>The port.</summary>
    public int Port { get; } = port;
}

/// <summary>
/// Loopback ports that stay reserved for as long as the AppHost runs, so that what is started with one finds it free, and a restart
/// finds it again. Free ports come from outside the range that the kernel gives to outgoing connections, from which a port may go
/// at any moment; other AppHosts are kept off by a lock for each port that ends with the process.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, IDisposable> _reserved = [];
    private readonly IPortLocks _locks;
    private readonly IReadOnlyList<int> _candidates;
    private int _next;
    private bool _disposed;

    public PortReservations()
        : this(PortLocks.ForThisSystem(), PortRange.Candidates())
    {
    }

    internal PortReservations(IPortLocks locks, IReadOnlyList<int> candidates)
    {
        _locks = locks;
        _candidates = candidates;
        // AppHosts that start together had better not try the same ports in the same order.
        _next = Random.Shared.Next(candidates.Count);
    }

    /// <summary>Reserves a port on 127.0.0.1 and, where there is one, ::1.</summary>
    /// <param name="preferred">The port wanted, or null (or 0) for any.</param>
    /// <param name="fallBackWhenTaken">Whether the next free one after <paramref name="preferred"/> will do.</param>
    /// <exception cref="PortUnavailableException">The port is taken, or none is free.</exception>
    public int Reserve(int? preferred, bool fallBackWhenTaken)
    {
        if (preferred is < 0 or > IPEndPoint.MaxPort)
        {
            throw new ArgumentOutOfRangeException(nameof(preferred), preferred, $"A port is a number from 0 (any) to {IPEndPoint.MaxPort}.");
        }

        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return preferred is null or 0 ? ReserveAny() : ReservePreferred(preferred.Value, fallBackWhenTaken);
        }
    }

    /// <summary>Gives a port back.</summary>
    public void Release(int port)
    {
        lock (_lock)
        {
            if (_reserved.Remove(port, out var reservation))
            {
                reservation.Dispose();
            }
        }
    }

    /// <summary>Gives all ports back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var reservation in _reserved.Values)
            {
                reservation.Dispose();
            }

            _reserved.Clear();
        }
    }

    private int ReserveAny()
    {
        for (var tried = 0; tried < _candidates.Count; tried++)
        {
            var port = _candidates[_next];
            _next = (_next + 1) % _candidates.Count;
            if (TryReserve(port) is null)
            {
                return port;
            }
        }

        throw new PortUnavailableException(0, $"No loopback port is free between {_candidates.Min()} and {_candidates.Max()}. End programs that listen there.");
    }

    private int ReservePreferred(int preferred, bool fallBack)
    {
        var reason = TryReserve(preferred);
        if (reason is null)
        {
            return preferred;
        }

        // The next ones, as a person would try them, and not all 65,535 of them.
        for (var port = preferred + 1; fallBack && port <= Math.Min(preferred + 200, IPEndPoint.MaxPort); port++)
        {
            if (TryReserve(port) is null)
            {
                return port;
            }
        }

        throw new PortUnavailableException(preferred, reason);
    }

    /// <summary>Null when the port is now reserved, else why it cannot be.</summary>
    private string? TryReserve(int port)
    {
        if (_reserved.ContainsKey(port))
        {
            return $"Port {port} is used twice in this AppHost. Give one of its endpoints another port.";
        }

        var reservation = _locks.TryLock(port);
        if (reservation is null)
        {
            return $"Port {port} is reserved by another AppHost that is running. Stop that one, or configure another port.";
        }

        if (BindError(port) is { } error)
        {
            reservation.Dispose();
            return error switch
            {
                SocketError.AccessDenied => $"Port {port} may not be used by this user (on most systems ports below 1024 need privileges). Configure another port.",
                _ => $"Port {port} is in use{(PortHolder.Find(port) is { } holder ? $" by {holder}" : "")}. Stop what listens on it, or configure another port.",
            };
        }

        _reserved[port] = reservation;
        return null;
    }

    /// <summary>Null if a server could listen on the port.</summary>
    private static SocketError? BindError(int port)
    {
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, port));
                // On Linux two sockets may be bound to an address as long as neither listens.
                socket.Listen(1);
            }
            catch (SocketException exception) when (address.AddressFamily == AddressFamily.InterNetworkV6
                && exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolNotSupported)
            {
                // A machine without IPv6 has nothing on that side to take the port.
            }
            catch (SocketException exception)
            {
                return exception.SocketErrorCode;
            }
        }

        return null;
    }
}
