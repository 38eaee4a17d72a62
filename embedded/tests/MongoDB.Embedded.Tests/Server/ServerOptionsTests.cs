using System.Net;

namespace MongoDB.Embedded.Tests.Server;

public class ServerOptionsTests
{
    [Fact]
    public void Defaults_suit_a_laptop()
    {
        ServerOptions options = Parse("--dbpath", "/data");
        Assert.Equal(("/data", 27017, IPAddress.Loopback, false), (options.DbPath, options.Port, options.BindIp, options.Auth));
        Assert.Equal(1000, options.MaxConnections);
        Assert.Equal(TimeSpan.FromSeconds(60), options.TtlInterval);
        Assert.Null(options.RootUser);
    }

    [Fact]
    public void Values_come_behind_a_blank_or_an_equals_sign()
    {
        ServerOptions options = Parse("--dbpath=/d", "--port", "0", "--bind_ip=::1", "--auth", "--maxConns=5", "--slowms", "7", "--ttlMonitorSleepSecs=3");
        Assert.Equal((0, IPAddress.IPv6Loopback, true, 5), (options.Port, options.BindIp, options.Auth, options.MaxConnections));
        Assert.Equal(TimeSpan.FromMilliseconds(7), options.SlowOperation);
        Assert.Equal(TimeSpan.FromSeconds(3), options.TtlInterval);
    }

    [Theory]
    [InlineData("--dbpath")]
    [InlineData("--port", "1")]
    [InlineData("--dbpath", "/d", "--port", "x")]
    [InlineData("--dbpath", "/d", "--port", "-1")]
    [InlineData("--dbpath", "/d", "--port", "65536")]
    [InlineData("--dbpath", "/d", "--bind_ip", "example.org")]
    [InlineData("--dbpath", "/d", "--maxConns", "0")]
    [InlineData("--dbpath", "/d", "--cacheSizeMB", "1")]
    [InlineData("--dbpath", "/d", "--auth=maybe")]
    [InlineData("--dbpath", "/d", "--dbpath", "/e")]
    [InlineData("--dbpath", "/d", "--nope", "1")]
    [InlineData("--dbpath", "/d", "stray")]
    public void What_cannot_be_meant_is_refused_by_name(params string[] arguments)
    {
        UsageException e = Assert.Throws<UsageException>(() => Parse(arguments));
        Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_user_needs_name_and_password()
    {
        ServerOptions options = ServerOptions.Parse(["--dbpath", "/d"], name => name == ServerOptions.UserVariable ? "u" : "p");
        Assert.Equal(("u", "p"), (options.RootUser, options.RootPassword));
        Assert.Throws<UsageException>(() => ServerOptions.Parse(["--dbpath", "/d"], name => name == ServerOptions.UserVariable ? "u" : null));
    }

    [Fact]
    public void Help_names_every_argument_that_is_understood()
    {
        foreach (string name in (string[])["--dbpath", "--port", "--bind_ip", "--auth", "--maxConns", "--cacheSizeMB", "--writeBufferSizeMB", "--ttlMonitorSleepSecs", "--cursorTimeoutMillis", "--slowms", ServerOptions.UserVariable, ServerOptions.PasswordVariable])
        {
            Assert.Contains(name, ServerOptions.Help, StringComparison.Ordinal);
        }
    }

    private static ServerOptions Parse(params string[] arguments) => ServerOptions.Parse(arguments, _ => null);
}
