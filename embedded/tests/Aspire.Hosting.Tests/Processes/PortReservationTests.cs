using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Tests.Processes;

public class PortReservationTests
{
    [Fact]
    public async Task AppHosts_that_reserve_at_the_same_time_never_get_the_same_port()
    {
        await using var test = new TestProcesses();
        await using var one = SupervisorHostProcess.Start(test, "ports", "200");
        await using var other = SupervisorHostProcess.Start(test, "ports", "200");
        await one.WaitForLineAsync("held");
        await other.WaitForLineAsync("held");

        var ports = one.Lines.Concat(other.Lines).Where(line => line != "held").Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();

        Assert.Equal(400, ports.Count);
        Assert.Equal(400, ports.Distinct().Count());

        // Another AppHost cannot have one of them while they run, and can as soon as they do not.
        using var reservations = new PortReservations();
        var exception = Assert.Throws<PortUnavailableException>(() => reservations.Reserve(ports[0], fallBackWhenTaken: false));
        Assert.Contains($"Port {ports[0]} is reserved by another AppHost", exception.Message, StringComparison.Ordinal);
        one.Kill();
        await one.WaitForExitAsync();
        Assert.Equal(ports[0], reservations.Reserve(ports[0], fallBackWhenTaken: false));
    }

    [Fact]
    public void A_reserved_port_is_free_to_listen_on_and_outside_the_ephemeral_range()
    {
        using var reservations = new PortReservations();

        var port = reservations.Reserve(preferred: null, fallBackWhenTaken: false);

        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        Assert.InRange(port, 5_000, 65_535);
        Assert.Contains(port, PortRange.Candidates());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    public void A_taken_port_is_named_with_its_holder(string address)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The holder is looked for in /proc.");
        using var holder = Listen(IPAddress.Parse(address), out var port);
        using var reservations = new PortReservations();

        var exception = Assert.Throws<PortUnavailableException>(() => reservations.Reserve(port, fallBackWhenTaken: false));

        Assert.Equal(port, exception.Port);
        Assert.Contains($"Port {port} is in use by ", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_taken_port_is_replaced_by_the_next_free_one_if_that_will_do()
    {
        using var holder = Listen(IPAddress.Loopback, out var port);
        using var reservations = new PortReservations();

        var replacement = reservations.Reserve(port, fallBackWhenTaken: true);

        Assert.InRange(replacement, port + 1, port + 200);
    }

    [Fact]
    public void A_port_used_twice_in_one_AppHost_is_said_to_be()
    {
        using var reservations = new PortReservations();
        var port = reservations.Reserve(preferred: null, fallBackWhenTaken: false);

        var exception = Assert.Throws<PortUnavailableException>(() => reservations.Reserve(port, fallBackWhenTaken: false));

        Assert.Contains("used twice", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_given_back_can_be_had_again()
    {
        using var reservations = new PortReservations();
        var port = reservations.Reserve(preferred: null, fallBackWhenTaken: false);

        reservations.Release(port);

        Assert.Equal(port, reservations.Reserve(port, fallBackWhenTaken: false));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public void A_number_that_is_no_port_is_refused(int port)
    {
        using var reservations = new PortReservations();

        Assert.Throws<ArgumentOutOfRangeException>(() => reservations.Reserve(port, fallBackWhenTaken: true));
    }

    [Theory]
    [InlineData("32768\t60999\n", 20_000, 32_767)]
    [InlineData("49152 65535", 20_000, 32_767)]
    [InlineData("15000 65000", 5_000, 65_535)]
    [InlineData("1024 65535", 20_000, 32_767)]
    public void Candidates_avoid_the_ephemeral_range_where_that_leaves_enough(string ephemeral, int lowest, int highest)
    {
        var candidates = PortRange.Candidates(ephemeral);

        Assert.Equal(lowest, candidates.Min());
        Assert.Equal(highest, candidates.Max());
        Assert.DoesNotContain(27_017, candidates);
        Assert.True(candidates.Count >= 1_000);
    }

    [Fact]
    public void File_locks_exclude_each_other_until_they_are_given_back()
    {
        using var directory = new TemporaryDirectory();
        var locks = new FilePortLocks(directory.FullName);
        using (Assert.IsType<IDisposable>(locks.TryLock(1234), exactMatch: false))
        {
            Assert.Null(locks.TryLock(1234));
            using var other = Assert.IsType<IDisposable>(locks.TryLock(1235), exactMatch: false);
        }

        using (Assert.IsType<IDisposable>(locks.TryLock(1234), exactMatch: false))
        {
        }
    }

    private static TcpListener Listen(IPAddress address, out int port)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return listener;
    }
}
